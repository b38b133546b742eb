import { escapeHtml } from './start-page.ts';

/** A page of the sign-on: one message, no script, nothing loaded from anywhere, no personal data beyond what is given. */
export function signOnPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style>${SIGN_ON_STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
}

/** The only style that the page's Content-Security-Policy lets in, by its hash. Follows the reader's colours and sizes. */
export const SIGN_ON_STYLE = `
:root{color-scheme:light dark;font:1.125rem/1.5 system-ui,sans-serif}
body{margin:0;background:Canvas;color:CanvasText}
main{max-width:34rem;margin:0 auto;padding:12vh 1.25rem 2rem}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 1rem}
.code{margin-top:2rem;padding-top:1rem;border-top:1px solid #8886;font-size:.95rem}
code{font:600 1.05rem/1.5 ui-monospace,monospace;white-space:nowrap}
button{font:inherit;font-weight:600;padding:.7rem 1.4rem;border:2px solid;border-radius:.5rem;background:#1b4f9c;color:#fff;cursor:pointer}
button:focus-visible{outline:3px solid #f5a623;outline-offset:3px}`;
