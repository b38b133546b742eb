import type { Random } from '../../lib/generate/random.ts';
import type { Mutation } from './mutation.ts';
import type { ZipDraft, ZipRecord } from './write-zip.ts';

const onRecord =
  (change: (record: ZipRecord, dice: Random, zip: ZipDraft) => void) =>
  (zip: ZipDraft, dice: Random): string => {
    if (zip.records.length === 0) return '';
    const record = dice.pick(zip.records);
    change(record, dice, zip);
    return record.name.toString('utf8').slice(0, 60);
  };

const ODD_NAMES = [
  '../users.csv',
  '/users.csv',
  'C:\\users.csv',
  'a\\users.csv',
  'users.csv/',
  'USERS.CSV',
  './users.csv',
  '',
  'a//b.csv',
  'x\u0000.csv',
];

const LYING_SIZES = [0, 1, 2, -1, 30, 0xffff, 0xffffffff, 0x7fffffff, 100_000];

/** What tools and attackers do to the records of an archive. The harmless ones stand first. */
export const ZIP_MUTATIONS: readonly Mutation<ZipDraft>[] = [
  {
    name: 'descriptor',
    weight: 8,
    apply: onRecord((record) => {
      record.descriptor = true;
    }),
  },
  {
    name: 'cp437-name',
    weight: 4,
    apply: onRecord((record) => {
      record.flags = 0;
    }),
  },
  {
    name: 'comment',
    weight: 4,
    apply: (zip, dice) => {
      zip.comment = Buffer.alloc(dice.below(200), 'PK\u0005\u0006');
      return 'with a comment';
    },
  },
  {
    name: 'extra-field',
    weight: 4,
    apply: onRecord((record, dice) => {
      record.extra = Buffer.from(
        dice.pick([
          [0x55, 0x54, 1, 0, 7],
          [1, 0, 8, 0, 1, 0, 0, 0, 0, 0, 0, 0],
          [0x75, 0x70, 3, 0, 1, 0, 0],
          [9],
          [1, 0, 255, 255],
        ]),
      );
    }),
  },
  {
    name: 'folder-entry',
    weight: 4,
    apply: onRecord(
      (record, _dice, zip) =>
        void zip.records.unshift({
          ...record,
          name: Buffer.from('Export/'),
          data: Buffer.alloc(0),
          method: 0,
          crc: 0,
          compressed: 0,
          expanded: 0,
        }),
    ),
  },
  {
    name: 'crc',
    weight: 3,
    apply: onRecord((record, dice) => {
      record.crc = dice.next();
    }),
  },
  {
    name: 'expanded',
    weight: 3,
    apply: onRecord((record, dice) => {
      record.expanded += dice.pick(LYING_SIZES) - 1;
    }),
  },
  {
    name: 'compressed',
    weight: 3,
    apply: onRecord((record, dice) => {
      record.compressed += dice.pick(LYING_SIZES) - 1;
    }),
  },
  {
    name: 'method',
    weight: 2,
    apply: onRecord((record, dice) => {
      record.method = dice.pick([0, 8, 9, 12, 14, 99]);
    }),
  },
  {
    name: 'flags',
    weight: 2,
    apply: onRecord((record, dice) => {
      record.flags ^= 1 << dice.below(16);
    }),
  },
  {
    name: 'name',
    weight: 2,
    apply: onRecord((record, dice) => {
      record.name = Buffer.from(dice.pick(ODD_NAMES));
    }),
  },
  {
    name: 'type',
    weight: 1,
    apply: onRecord((record, dice) => {
      record.attributes = (dice.pick([0o120777, 0o040755, 0o010644, 0o060644]) << 16) >>> 0;
    }),
  },
  {
    name: 'shift',
    weight: 2,
    apply: onRecord((record, dice) => {
      record.shift = dice.pick(LYING_SIZES) - 40;
    }),
  },
  {
    name: 'unlisted',
    weight: 2,
    apply: onRecord((record) => {
      record.unlisted = true;
    }),
  },
  { name: 'twice', weight: 2, apply: onRecord((record, _dice, zip) => zip.records.push({ ...record })) },
  {
    name: 'data-cut',
    weight: 2,
    apply: onRecord((record, dice) => {
      record.data = record.data.subarray(0, dice.below(record.data.length + 1));
    }),
  },
  {
    name: 'data-flip',
    weight: 3,
    apply: onRecord((record, dice) => {
      record.data = Buffer.from(record.data);
      if (record.data.length > 0) record.data[dice.below(record.data.length)]! ^= 1 << dice.below(8);
    }),
  },
  {
    name: 'end-record',
    weight: 3,
    apply: (zip, dice) => {
      zip.end[dice.pick(['count', 'size', 'offset', 'disk'] as const)] += dice.pick([-1, 1, -7, 300, 0xffff]);
      return JSON.stringify(zip.end);
    },
  },
];
