import type { FindingArea } from '../core/oneroster/finding-codes.ts';
import type { FindingKind } from '../core/oneroster/finding-kinds/finding-kind.ts';

const INTRO = `# Findings

What Rollcall says about an export: in our mails and from us, and with \`rollcall check EXPORT\`.
Each finding has a code, and names the file, the row (the header is row 1) and the column where it was made. It never
shows a name, an e-mail address or any other text of a cell, except the sourcedId of the record.

- **Error** of an upload, of manifest.csv or of a whole file: the delivery is rejected, and nothing changes.
- **Error** of a row or a cell: that row does not count. The record that it names stays as it was: nobody is removed
  because of a damaged row.
- **Warning**: the data counts, but somebody should look at it.
- **Error or warning**: an error where the standard requires the column. In any other column it is a warning: the cell
  counts as blank, and the row stands.
- **Info**: said once, so that nobody is surprised. As a rule nothing needs to be done.

This page is written by \`npx tsx bin/write-findings-doc.ts\` from \`lib/core/oneroster/finding-kinds\`: edit it there.
`;

const SEVERITIES = { error: 'Error', warning: 'Warning', info: 'Info', 'by column': 'Error or warning' } as const;

/** `docs/findings.md`: every code with its meaning, cause, example and remedy, as Markdown. */
export function findingsPage(areas: readonly FindingArea[]): string {
  const contents = areas.map(({ title, kinds }) => `- ${link(title)}: ${Object.keys(kinds).map(link).join(', ')}`);
  return [INTRO, '## Contents\n', ...contents, '', ...areas.map(areaText)].join('\n');
}

const areaText = ({ title, kinds }: FindingArea): string =>
  [`## ${title}\n`, ...Object.entries(kinds).map(([code, kind]) => kindText(code, kind))].join('\n');

const kindText = (code: string, { severity, says, cause, example, hint }: FindingKind): string =>
  `### ${code}

**${SEVERITIES[severity]}.** ${escaped(says).replace(BLANK, '*$1*')}

- How it comes about: ${escaped(cause)}
- Example: ${escaped(example)}
- What to do: ${escaped(hint).replace(BLANK, '*$1*')}
`;

/** A place that the message fills with a count, a column or the like. */
const BLANK = /\{([a-z]+)\}/g;

/** Text in which Markdown sees nothing of its own. */
const escaped = (text: string): string => text.replace(/[\\`*_<>[\]|]/g, '\\$&');

const link = (heading: string): string => `[${heading}](#${anchorOf(heading)})`;

/** The anchor that readers of Markdown give a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
