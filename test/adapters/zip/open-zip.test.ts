import fc from 'fast-check';
import { openZip } from '../../../lib/adapters/zip/open-zip.ts';
import { accessOf, CENTRAL, drain, makeZip, openBytes, type Packed, patched, renamed, textsOf } from './make-zip.ts';

const USERS = `sourcedId,name\n${Array.from({ length: 500 }, (_, i) => `u${i},Student ${i}\n`).join('')}`;
const ROSTER: readonly Packed[] = [
  { path: 'manifest.csv', content: 'propertyName,value\n' },
  { path: 'users.csv', content: USERS },
  { path: 'orgs.csv', content: '' },
];
const TEXTS = { 'manifest.csv': 'propertyName,value\n', 'users.csv': USERS, 'orgs.csv': '' };

describe('archives that are read', () => {
  test.each<[string, Partial<Packed>]>([
    ['deflated', {}],
    ['stored', { options: { compress: false } }],
    ['with data descriptors', { streamed: true }],
    ['stored with data descriptors', { streamed: true, options: { compress: false } }],
    ['with zip64 fields', { options: { forceZip64Format: true } }],
  ])('%s', async (_, how) => {
    const zip = await makeZip(ROSTER.map((file) => ({ ...file, ...how })));
    expect(await textsOf(await openBytes(zip))).toEqual(TEXTS);
    expect(await textsOf(await openZip(accessOf(zip, 7)))).toEqual(TEXTS);
  });

  test('with a zip64 end record', async () => {
    const zip = await makeZip(ROSTER, { forceZip64Format: true });
    expect(await textsOf(await openBytes(zip))).toEqual(TEXTS);
  });

  test('with a comment, and without any entry', async () => {
    expect(await textsOf(await openBytes(await makeZip(ROSTER, { comment: 'Exported by SIS' })))).toEqual(TEXTS);
    expect(await openBytes(await makeZip([]))).toEqual({ entries: [], ignored: [], faults: [] });
  });

  test('a deflated entry of no bytes at all', async () => {
    const zip = await makeZip([{ path: 'orgs.csv', content: '', options: { compress: false } }]);
    const deflated = patched(zip, 0, (copy, central) => copy.writeUInt16LE(8, central + CENTRAL.method));
    expect(await textsOf(await openBytes(deflated))).toEqual({ 'orgs.csv': '' });
  });

  test('names in UTF-8, and in CP437 where the archive does not say UTF-8', async () => {
    const utf8 = await makeZip([{ path: 'Österreich/学校.csv', content: 'a' }]);
    expect(Object.keys(await textsOf(await openBytes(utf8)))).toEqual(['Österreich/学校.csv']);
    const ascii = await makeZip([{ path: '_cole/users.csv', content: 'a' }]);
    const cp437 = patched(renamed(ascii, 0, Buffer.from([0x90])), 0, (copy, central) => {
      copy.writeUInt16LE(copy.readUInt16LE(central + CENTRAL.flags) & ~0x800, central + CENTRAL.flags);
    });
    expect(Object.keys(await textsOf(await openBytes(cp437)))).toEqual(['École/users.csv']);
  });

  test('folders are skipped, system files are listed as ignored, a zip inside is an entry', async () => {
    const archive = await openBytes(
      await makeZip([
        { path: 'export/', content: '' },
        { path: 'export/users.csv', content: 'a' },
        { path: '__MACOSX/export/._users.csv', content: 'x' },
        { path: 'export/.DS_Store', content: 'x' },
        { path: 'export/Thumbs.db', content: 'x' },
        { path: 'export/._orgs.csv', content: 'x' },
        { path: 'export/inner.zip', content: 'PK' },
      ]),
    );
    expect(await textsOf(archive)).toEqual({ 'export/users.csv': 'a', 'export/inner.zip': 'PK' });
    expect(archive.ignored).toEqual([
      '__MACOSX/export/._users.csv',
      'export/.DS_Store',
      'export/Thumbs.db',
      'export/._orgs.csv',
    ]);
  });

  test('./ at the start of a path is left out', async () => {
    const zip = renamed(await makeZip([{ path: 'ab/users.csv', content: 'a' }]), 0, Buffer.from('././'));
    expect((await openBytes(zip)).entries.map((entry) => entry.path)).toEqual(['sers.csv']);
  });

  test('whatever was packed comes out, in order', async () => {
    const packed = fc.record({
      content: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      options: fc.record({ compress: fc.boolean(), forceZip64Format: fc.boolean() }),
      streamed: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(packed, { maxLength: 6 }),
        fc.integer({ min: 1, max: 500 }),
        async (files, chunkBytes) => {
          const zip = await makeZip(files.map((file, i) => ({ ...file, path: `f${i}.csv` })));
          const archive = await openZip(accessOf(zip, chunkBytes));
          expect(archive.faults).toEqual([]);
          expect(archive.entries.map((entry) => entry.path)).toEqual(files.map((_, i) => `f${i}.csv`));
          for (const [i, entry] of archive.entries.entries()) {
            expect((await drain(entry)).equals(files[i]?.content ?? Buffer.from('?'))).toBe(true);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('how the source is read', () => {
  test('opening is one read and one for each entry before the tail; each entry is two, and can be read again and beside another', async () => {
    const filler = { path: 'a.csv', content: Buffer.alloc(200_000, 'x'), options: { compress: false } };
    const source = accessOf(await makeZip([filler, ...ROSTER]));
    const archive = await openZip(source);
    expect(source.reads).toBe(2);
    const [big, manifest] = archive.entries;
    if (big === undefined || manifest === undefined) throw new Error('no entries');
    await drain(big);
    expect(source.reads).toBe(4);
    const both = await Promise.all([drain(big), drain(big), drain(manifest)]);
    expect(both.map((bytes) => bytes.length)).toEqual([200_000, 200_000, 19]);
  });

  test.each([true, false])('leaving an entry early closes the source (deflated: %s)', async (compress) => {
    const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * i * 2_654_435_761) % 251));
    const source = accessOf(await makeZip([{ path: 'users.csv', content, options: { compress } }]), 1_000);
    const [entry] = (await openZip(source)).entries;
    if (entry === undefined) throw new Error('no entry');
    for await (const chunk of entry.open()) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(source.closed).toBe(source.reads);
  });
});
