import { escapeHtml } from './start-page.ts';

/** A mail as the page shows it. */
export interface ShownMail {
  readonly id: string;
  readonly at: string;
  readonly to: string;
  readonly replyTo: string;
  readonly subject: string;
  readonly text: string;
}

/** The mails that the local stack kept instead of sending them, newest first. One self-contained page. */
export function mailsPage(mails: readonly ShownMail[]): string {
  const articles = mails.map(
    ({ id, at, to, replyTo, subject, text }) => `<article>
<h2>${escapeHtml(subject)}</h2>
<p>To ${escapeHtml(to)}, answers to ${escapeHtml(replyTo)}, ${escapeHtml(at.slice(0, 19).replace('T', ' '))} UTC · <a href="/mails/${escapeHtml(id)}">as HTML</a></p>
<pre>${escapeHtml(text)}</pre>
</article>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mails of Rollcall on this machine</title>
<style>
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0;background:Canvas;color:CanvasText}
main{max-width:56rem;margin:0 auto;padding:2rem 1rem}
h1{font-size:1.6rem}h2{font-size:1.1rem;margin-top:2rem}
pre{padding:.75rem 1rem;border:1px solid #8884;border-radius:.4rem;white-space:pre-wrap;font:inherit}
</style>
</head>
<body>
<main>
<h1>Mails</h1>
<p>Nobody got these: they were kept here. <a href="/">Back</a></p>
${articles.length === 0 ? '<p>None yet.</p>' : articles.join('\n')}
</main>
</body>
</html>
`;
}
