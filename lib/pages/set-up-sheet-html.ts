import type { Line, Piece, SheetDocument, SheetPart } from './sheet-document.ts';
import { escapeHtml } from './start-page.ts';

/** A sheet as one self-contained page: no script, nothing from elsewhere, good to print. */
export function sheetAsHtml({ title, intro, sections }: SheetDocument): string {
  const body = sections.map(
    ({ heading, parts }) => `<section>\n<h2>${escapeHtml(heading)}</h2>\n${parts.map(part).join('\n')}\n</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${intro.map(part).join('\n')}
${body.join('\n')}
</main>
</body>
</html>
`;
}

function part(each: SheetPart): string {
  if ('paragraph' in each) return `<p>${inline(each.paragraph)}</p>`;
  if ('list' in each) return `<ul>${items(each.list)}</ul>`;
  if ('steps' in each) return `<ol>${items(each.steps)}</ol>`;
  if ('command' in each) return `<pre>${escapeHtml(each.command)}</pre>`;
  const { head, rows } = each.table;
  const headRow = `<thead><tr>${head.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join('')}</tr></thead>`;
  const body = rows.map(([name = [], ...rest]) => {
    const first = `<th scope="row">${inline(name)}</th>`;
    return `<tr>${first}${rest.map((cell) => `<td>${inline(cell)}</td>`).join('')}</tr>`;
  });
  return `<div class="wide"><table>${head.length === 0 ? '' : headRow}<tbody>${body.join('\n')}</tbody></table></div>`;
}

const items = (lines: readonly Line[]): string => lines.map((each) => `<li>${inline(each)}</li>`).join('\n');

const inline = (line: Line): string => line.map(piece).join('');

function piece(each: Piece): string {
  if (typeof each === 'string') return escapeHtml(each);
  if ('strong' in each) return `<strong>${escapeHtml(each.strong)}</strong>`;
  if ('code' in each) return `<code>${escapeHtml(each.code)}</code>`;
  return `<a href="${escapeHtml(each.link)}">${escapeHtml(each.link)}</a>`;
}

const STYLE = `
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0;background:Canvas;color:CanvasText}
main{max-width:46rem;margin:0 auto;padding:2rem 1rem}
h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem}
li{margin:.3rem 0}
.wide{overflow-x:auto}
table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:.35rem .8rem .35rem 0;border-bottom:1px solid #8884}
th{font-weight:600}
code,pre{font-family:ui-monospace,monospace;font-size:.9em;overflow-wrap:anywhere}
pre{padding:.75rem 1rem;border:1px solid #8884;border-radius:.4rem;white-space:pre-wrap}
@media print{main{max-width:none;padding:0}section{break-inside:avoid}}`;
