import type { Random } from '../../lib/generate/random.ts';
import type { Mutation } from './mutation.ts';

/** The text of one file. */
export interface FileText {
  path: string;
  text: string;
}

const ODD_PIECES = [
  ...[
    '"',
    '"',
    '"',
    '""',
    ',',
    ',',
    '\n',
    '\r',
    '\r\n',
    '\n\n',
    '\u0000',
    '\ufeff',
    '\u2028',
    '\ud83d',
    '👩',
    '\t',
    ';',
    '\u001f',
    '\u0007',
  ],
  ...['","', '"\n"', ',,,,', '\u0085', '\u000c', '\u001a', '<b>', 'x'],
];

const line = (target: FileText, dice: Random): { start: number; end: number } => {
  const at = dice.below(target.text.length + 1);
  const start = target.text.lastIndexOf('\n', at - 1) + 1;
  const end = target.text.indexOf('\n', start);
  return { start, end: end < 0 ? target.text.length : end };
};

const edit =
  (change: (text: string, dice: Random, target: FileText) => string) =>
  (target: FileText, dice: Random): string => {
    target.text = change(target.text, dice, target);
    return target.path;
  };

/** A place in the text, and how much of it. */
const stretch = (text: string, dice: Random, most: number): [number, number] => {
  const at = dice.below(text.length + 1);
  return [at, Math.min(text.length, at + 1 + dice.below(most))];
};

/** Damage of text: quotes, separators, line ends, cuts. */
export const TEXT_MUTATIONS: readonly Mutation<FileText>[] = [
  {
    name: 'insert',
    weight: 10,
    shifts: true,
    apply: (target, dice) => {
      const at = dice.below(target.text.length + 1);
      const piece = dice.pick(ODD_PIECES);
      target.text = target.text.slice(0, at) + piece + target.text.slice(at);
      return `${target.path} ${JSON.stringify(piece)} at ${at}`;
    },
  },
  {
    name: 'delete',
    weight: 6,
    shifts: true,
    apply: edit((text, dice) => {
      const [from, to] = stretch(text, dice, dice.chance(0.8) ? 1 : 200);
      return text.slice(0, from) + text.slice(to);
    }),
  },
  {
    name: 'repeat-stretch',
    weight: 3,
    shifts: true,
    apply: edit((text, dice) => {
      const [from, to] = stretch(text, dice, 200);
      const at = dice.below(text.length + 1);
      return text.slice(0, at) + text.slice(from, to) + text.slice(at);
    }),
  },
  { name: 'cut', weight: 5, apply: edit((text, dice) => text.slice(0, dice.below(text.length + 1))) },
  {
    name: 'cut-end',
    weight: 5,
    apply: edit((text, dice) => text.slice(0, Math.max(0, text.length - 1 - dice.below(30)))),
  },
  { name: 'no-last-line-end', weight: 3, apply: edit((text) => text.replace(/\r?\n$/, '')) },
  {
    name: 'cut-at-line',
    weight: 2,
    apply: edit((text, dice, target) => text.slice(0, line(target, dice).start)),
  },
  {
    name: 'join-lines',
    weight: 4,
    shifts: true,
    apply: edit((text, dice, target) => {
      const { end } = line(target, dice);
      return text.slice(0, end).replace(/\r$/, '') + text.slice(end + 1);
    }),
  },
  {
    name: 'join-header',
    weight: 1,
    shifts: true,
    apply: edit((text, dice) => text.replace(/\r?\n/, dice.pick(['', ',', ' ', '\r']))),
  },
  {
    name: 'blank-lines',
    weight: 3,
    apply: edit((text, dice, target) => {
      const { start } = line(target, dice);
      return text.slice(0, start) + '\r\n'.repeat(1 + dice.below(3)) + text.slice(start);
    }),
  },
  {
    name: 'separator',
    weight: 1,
    apply: edit((text, dice) => text.replaceAll(',', dice.pick([';', '\t', '|', ', ']))),
  },
  {
    name: 'line-ends',
    weight: 2,
    apply: edit((text, dice) => text.replaceAll(/\r?\n/g, () => dice.pick(['\n', '\r\n']))),
  },
  { name: 'old-mac', weight: 1, apply: edit((text) => text.replaceAll(/\r?\n/g, '\r')) },
  { name: 'quotes-gone', weight: 1, shifts: true, apply: edit((text) => text.replaceAll('"', '')) },
  {
    name: 'line-damaged',
    weight: 8,
    shifts: true,
    apply: edit((text, dice, target) => {
      const { start, end } = line(target, dice);
      const at = start + dice.below(end - start + 1);
      return text.slice(0, at) + dice.pick(ODD_PIECES) + text.slice(at);
    }),
  },
  {
    name: 'total-line',
    weight: 3,
    apply: edit((text, dice) => text + dice.pick(['Total: 12\n', ',,,\n', '\u001a', ' ', '"'])),
  },
];
