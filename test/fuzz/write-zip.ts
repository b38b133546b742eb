import { crc32, deflateRawSync } from 'node:zlib';
import type { RawFile } from './draft.ts';

/** One entry as both of its headers describe it; a damaged archive describes it wrongly. */
export interface ZipRecord {
  name: Buffer;
  data: Buffer;
  method: number;
  flags: number;
  crc: number;
  compressed: number;
  expanded: number;
  attributes: number;
  extra: Buffer;
  /** Sizes and checksum follow the data instead of standing before it. */
  descriptor: boolean;
  /** Added to the offset that the directory names. */
  shift: number;
  /** Not listed in the directory. */
  unlisted: boolean;
}

/** An archive before it is bytes. */
export interface ZipDraft {
  records: ZipRecord[];
  comment: Buffer;
  /** Added to what the end record says. */
  end: { count: number; size: number; offset: number; disk: number };
}

const UTF8_NAMES = 0x0800;
const HAS_DESCRIPTOR = 0x0008;
const REGULAR = 0o100644 << 16;

/** Describes files truthfully (APPNOTE 6.3.10, sections 4.3.7 to 4.3.16). */
export const zipDraftOf = (files: readonly RawFile[], deflated: (at: number) => boolean): ZipDraft => ({
  records: files.map(({ path, bytes }, at) => {
    const data = deflated(at) ? deflateRawSync(bytes, { level: 1 }) : bytes;
    return {
      name: Buffer.from(path),
      data,
      method: deflated(at) ? 8 : 0,
      flags: UTF8_NAMES,
      crc: crc32(bytes),
      compressed: data.length,
      expanded: bytes.length,
      attributes: REGULAR >>> 0,
      extra: Buffer.alloc(0),
      descriptor: false,
      shift: 0,
      unlisted: false,
    };
  }),
  comment: Buffer.alloc(0),
  end: { count: 0, size: 0, offset: 0, disk: 0 },
});

/** The archive's bytes. */
export function zipBytes({ records, comment, end }: ZipDraft): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const record of records) {
    const body = [localHeader(record), record.name, record.extra, record.data, ...descriptorOf(record)];
    if (!record.unlisted) directory.push(centralHeader(record, offset), record.name, record.extra);
    parts.push(...body);
    offset += body.reduce((sum, { length }) => sum + length, 0);
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const count = records.filter(({ unlisted }) => !unlisted).length + end.count;
  const tail = numbers('4222244', [0x06054b50, end.disk, end.disk, count, count, size + end.size, offset + end.offset]);
  return Buffer.concat([...parts, ...directory, tail, numbers('2', [comment.length]), comment]);
}

const localHeader = (record: ZipRecord): Buffer => {
  const { descriptor } = record;
  const [crc, compressed, expanded] = descriptor ? [0, 0, 0] : [record.crc, record.compressed, record.expanded];
  return numbers('42222244422', [
    ...[0x04034b50, 20, flagsOf(record), record.method, 0x1000, 0x5d77],
    ...[crc, compressed, expanded, record.name.length, record.extra.length],
  ]);
};

const centralHeader = (record: ZipRecord, offset: number): Buffer =>
  numbers('42222224442222244', [
    ...[0x02014b50, 0x031e, 20, flagsOf(record), record.method, 0x1000, 0x5d77, record.crc, record.compressed],
    ...[record.expanded, record.name.length, record.extra.length, 0, 0, 0, record.attributes, offset + record.shift],
  ]);

const descriptorOf = (record: ZipRecord): Buffer[] =>
  record.descriptor ? [numbers('4444', [0x08074b50, record.crc, record.compressed, record.expanded])] : [];

const flagsOf = ({ flags, descriptor }: ZipRecord): number => (descriptor ? flags | HAS_DESCRIPTOR : flags);

/** Little-endian numbers of 2 or 4 bytes, wrapped to their width. */
function numbers(widths: string, values: readonly number[]): Buffer {
  const bytes = Buffer.alloc([...widths].reduce((sum, width) => sum + Number(width), 0));
  let at = 0;
  [...widths].forEach((width, i) => {
    const value = values[i] ?? 0;
    if (width === '2') bytes.writeUInt16LE(value & 0xffff, at);
    else bytes.writeUInt32LE(value >>> 0, at);
    at += Number(width);
  });
  return bytes;
}
