import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fromBuffer } from 'yauzl';
import { DIALECTS, type Dialect } from '../../lib/generate/dialect.ts';
import { generateDistrict } from '../../lib/generate/generate-district.ts';
import { type WrittenExport, writeExport } from '../../lib/generate/write-export.ts';
import { readExport } from './read-export.ts';

const root = mkdtempSync(join(tmpdir(), 'dialects-'));
afterAll(() => rmSync(root, { recursive: true }));

/** Writes inside the loop, because a day is valid only until the next is asked for. */
async function write(path: string, dialects: readonly Dialect[], zip = false): Promise<WrittenExport> {
  for (const day of generateDistrict({ students: 250, seed: '12', guardians: true, demographics: true })) {
    return writeExport(day, path, { zip, dialects: new Set(dialects) });
  }
  throw new Error('no day');
}

/** Rows of all files, comparable whatever the order of columns and rows. */
const comparable = (folder: string, without: readonly string[] = []) =>
  [...readExport(folder)]
    .map(([name, rows]) => {
      const texts = rows.map((row) =>
        JSON.stringify(
          Object.entries(row)
            .filter(([each]) => !without.includes(each))
            .sort(),
        ),
      );
      return [name, texts.sort()] as const;
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name));
const text = (path: string) => readFileSync(path, 'utf8');

describe('dialects', () => {
  const plain = join(root, 'plain');
  beforeAll(() => write(plain, []));

  test('without one: eight files, LF, no mark, quotes only where needed', () => {
    const texts = filesIn(plain).map(text);
    expect(texts).toHaveLength(8);
    expect(texts.join('')).not.toMatch(/\r|\uFEFF/);
    expect(texts.every((each) => each.endsWith('\n'))).toBe(true);
    const quoted = texts.join('').match(/"(?:[^"]|"")*"/g) ?? [];
    expect(quoted.filter((each) => !/[,"]/.test(each.slice(1, -1)))).toEqual([]);
    expect(quoted.some((each) => each.includes('""'))).toBe(true);
  });

  const all = Object.keys(DIALECTS) as Dialect[];
  test.each([...all.map((each) => [each, [each]] as const), ['all at once', all] as const])(
    '%s parses to the same rows',
    async (name, dialects) => {
      const folder = join(root, name);
      await write(folder, dialects);
      const without = dialects.includes('status') ? ['status', 'dateLastModified'] : [];
      expect(comparable(folder, without)).toEqual(comparable(plain, without));
    },
  );

  const marks: [Dialect, (path: string) => boolean][] = [
    [
      'bom',
      (path) =>
        readFileSync(path)
          .subarray(0, 3)
          .equals(Buffer.from([0xef, 0xbb, 0xbf])),
    ],
    ['crlf', (path) => !/[^\r]\n/.test(text(path)) && text(path).includes('\r\n')],
    [
      'quoted',
      (path) =>
        text(path)
          .split('\n')
          .filter(Boolean)
          .every((line) => /^("(""|[^"])*",?)+$/.test(line)),
    ],
    ['dated', (path) => /^20261123_[a-zA-Z]+\.csv$/.test(basename(path))],
    ['folder', (path) => path.split('/').at(-2) === 'OneRoster'],
    [
      'shuffled',
      (path) => basename(path) === 'manifest.csv' || !text(path).startsWith('sourcedId,status,dateLastModified,'),
    ],
  ];
  test.each(marks)('%s shows in every file', (dialect, holds) => {
    const files = filesIn(join(root, dialect));
    expect(files).toHaveLength(8);
    expect(files.filter((each) => !holds(each))).toEqual([]);
  });

  test('status fills both columns in every row', () => {
    for (const [name, rows] of readExport(join(root, 'status'))) {
      if (name === 'manifest') continue;
      const stamps = rows.map((row) => `${row['status']} ${row['dateLastModified']}`);
      expect(stamps.filter((each) => !/^active 2026-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/.test(each))).toEqual([]);
    }
  });

  test('a folder that is written again keeps nothing of the old export', async () => {
    const folder = join(root, 'again');
    await write(folder, ['folder', 'dated']);
    await write(folder, []);
    expect(
      filesIn(folder)
        .map((each) => basename(each))
        .sort(),
    ).toEqual(
      filesIn(plain)
        .map((each) => basename(each))
        .sort(),
    );
  });

  test('a zip holds the same bytes as the folder, at its root', async () => {
    const path = join(root, 'day.zip');
    const written = await write(path, [], true);
    const entries = await unzip(readFileSync(path));
    expect([...entries.keys()].sort()).toEqual(
      filesIn(plain)
        .map((each) => basename(each))
        .sort(),
    );
    for (const [name, bytes] of entries) expect(bytes.equals(readFileSync(join(plain, name)))).toBe(true);
    expect(written.bytes).toBe(readFileSync(path).length);
  });
});

const unzip = (bytes: Buffer) =>
  new Promise<Map<string, Buffer>>((resolve, reject) => {
    const entries = new Map<string, Buffer>();
    fromBuffer(bytes, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      zip.on('error', reject).on('end', () => resolve(entries));
      zip.on('entry', (entry) =>
        zip.openReadStream(entry, async (failure, stream) => {
          if (failure) return reject(failure);
          entries.set(entry.fileName, Buffer.concat(await stream.toArray()));
          zip.readEntry();
        }),
      );
      zip.readEntry();
    });
  });
