import type { Random } from '../../lib/generate/random.ts';
import type { RawFile } from './draft.ts';
import type { Mutation } from './mutation.ts';

const edit =
  (change: (bytes: Buffer, dice: Random) => Buffer) =>
  (target: RawFile, dice: Random): string => {
    target.bytes = change(target.bytes, dice);
    return target.path;
  };

const utf16 = (bytes: Buffer, bigEndian: boolean, mark: boolean): Buffer => {
  const units = Buffer.from(`${mark ? '\ufeff' : ''}${bytes.toString('utf8')}`, 'utf16le');
  return bigEndian ? units.swap16() : units;
};

const splice = (bytes: Buffer, at: number, gone: number, put: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(Math.min(bytes.length, at + gone))]);

const randomBytes = (dice: Random, most: number): Buffer =>
  Buffer.from(Array.from({ length: 1 + dice.below(most) }, () => dice.below(256)));

/** Damage that any run of bytes can have: bits, cuts, holes, repetitions. For files and for zips. */
export const BYTE_DAMAGE: readonly Mutation<RawFile>[] = [
  {
    name: 'flip-bit',
    weight: 5,
    shifts: true,
    apply: (target, dice) => {
      if (target.bytes.length === 0) return '';
      const at = dice.below(target.bytes.length);
      target.bytes = Buffer.from(target.bytes);
      target.bytes[at] = target.bytes[at]! ^ (1 << dice.below(8));
      return `${target.path} byte ${at}`;
    },
  },
  {
    name: 'overwrite',
    weight: 3,
    shifts: true,
    apply: edit((bytes, dice) => {
      const put = randomBytes(dice, 4);
      return splice(bytes, dice.below(bytes.length + 1), put.length, put);
    }),
  },
  {
    name: 'insert-bytes',
    weight: 3,
    shifts: true,
    apply: edit((bytes, dice) => splice(bytes, dice.below(bytes.length + 1), 0, randomBytes(dice, 4))),
  },
  {
    name: 'delete-bytes',
    weight: 3,
    shifts: true,
    apply: edit((bytes, dice) => splice(bytes, dice.below(bytes.length + 1), 1 + dice.below(64), Buffer.alloc(0))),
  },
  { name: 'cut-bytes', weight: 3, apply: edit((bytes, dice) => bytes.subarray(0, dice.below(bytes.length + 1))) },
  {
    name: 'hole',
    weight: 2,
    apply: edit((bytes, dice) => {
      const gone = 1 + dice.below(600);
      return splice(bytes, dice.below(bytes.length + 1), gone, Buffer.alloc(gone));
    }),
  },
  {
    name: 'repeat-bytes',
    weight: 2,
    shifts: true,
    apply: edit((bytes, dice) => {
      const from = dice.below(bytes.length + 1);
      return splice(bytes, dice.below(bytes.length + 1), 0, bytes.subarray(from, from + dice.below(300)));
    }),
  },
  { name: 'nothing-left', weight: 1, apply: edit(() => Buffer.alloc(0)) },
];

/** Encodings and marks. */
const ENCODINGS: readonly Mutation<RawFile>[] = [
  { name: 'byte-order-mark', weight: 5, apply: edit((bytes) => splice(bytes, 0, 0, Buffer.from([0xef, 0xbb, 0xbf]))) },
  { name: 'utf-16le', weight: 4, apply: edit((bytes) => utf16(bytes, false, true)) },
  { name: 'utf-16be', weight: 4, apply: edit((bytes) => utf16(bytes, true, true)) },
  { name: 'utf-16-unmarked', weight: 1, apply: edit((bytes, dice) => utf16(bytes, dice.chance(0.5), false)) },
  { name: 'latin-1', weight: 1, apply: edit((bytes) => Buffer.from(bytes.toString('utf8'), 'latin1')) },
];

/** Damage of the bytes of one file. */
export const BYTE_MUTATIONS: readonly Mutation<RawFile>[] = [...ENCODINGS, ...BYTE_DAMAGE];
