import type { Line, Piece, SheetDocument, SheetPart } from './sheet-document.ts';

/** A sheet as Markdown (GitHub's dialect, for the tables). */
export function sheetAsMarkdown({ title, intro, sections }: SheetDocument): string {
  const blocks = [
    `# ${escaped(title)}`,
    ...intro.map(part),
    ...sections.flatMap(({ heading, parts }) => [`## ${escaped(heading)}`, ...parts.map(part)]),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function part(each: SheetPart): string {
  if ('paragraph' in each) return inline(each.paragraph);
  if ('list' in each) return each.list.map((item) => `- ${inline(item)}`).join('\n');
  if ('steps' in each) return each.steps.map((item, at) => `${at + 1}. ${inline(item)}`).join('\n');
  if ('command' in each) return `\`\`\`\n${each.command}\n\`\`\``;
  const { head, rows } = each.table;
  const columns = rows[0]?.length ?? head.length;
  const names = Array.from({ length: columns }, (_, at) => escaped(head[at] ?? ''));
  const cells = rows.map((row) => row.map(inline));
  return [names, names.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

const inline = (line: Line): string => line.map(piece).join('');

function piece(each: Piece): string {
  if (typeof each === 'string') return escaped(each);
  if ('strong' in each) return `**${escaped(each.strong)}**`;
  if ('link' in each) return `<${each.link}>`;
  // Nothing is escaped inside; what we show as code holds no backtick.
  return `\`${each.code.replaceAll('`', '')}\``;
}

const escaped = (text: string): string => text.replace(/[\\`*_<>[\]|#]/g, '\\$&').replace(/\s*\n\s*/g, ' ');
