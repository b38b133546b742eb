/** A mail as it is sent: the same words twice. */
export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** A mail as it is written: paragraphs, and lists of short lines. */
export interface MailDraft {
  readonly subject: string;
  readonly body: readonly (string | readonly string[])[];
}

const WIDTH_RULE = 'font:16px/1.5 system-ui,sans-serif;max-width:40rem';

/** Ends every mail. */
const SIGNATURE =
  'This mail comes from Rollcall, which keeps your roster in Imagine Language & Literacy up to date. It names no person and no file.';

/** The text and the HTML part of a mail. */
export function renderMail({ subject, body }: MailDraft): Mail {
  const parts = [...body, SIGNATURE];
  const text = parts.map((part) => (typeof part === 'string' ? part : part.map((line) => `- ${line}`).join('\n')));
  const html = parts.map((part) =>
    typeof part === 'string'
      ? `<p>${escaped(part)}</p>`
      : `<ul>${part.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`,
  );
  return {
    subject: subject.replace(/\s+/g, ' '),
    text: `${text.join('\n\n')}\n`,
    html: `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${escaped(subject)}</title></head>\n<body style="${WIDTH_RULE}">\n${html.join('\n')}\n</body></html>\n`,
  };
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
