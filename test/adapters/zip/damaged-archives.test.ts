import { BrokenEntry } from '../../../lib/adapters/zip/broken-entry.ts';
import { drain, makeZip, openBytes, type Packed } from './make-zip.ts';

const ROSTER: readonly Packed[] = ['manifest', 'orgs', 'users', 'classes'].map((name) => ({
  path: `${name}.csv`,
  content: Array.from({ length: 25 }, (_, i) => `${name}-${i},active,${(i * 7_919) % 1_009}\n`).join(''),
}));

/** What a reader of the whole archive learns: its contents, or that it is broken. Anything else is thrown. */
const contentsOf = async (zip: Buffer): Promise<string[] | 'refused'> => {
  const archive = await openBytes(zip);
  if (archive.faults.length > 0) return 'refused';
  const contents: string[] = [];
  for (const entry of archive.entries) {
    try {
      contents.push(`${entry.path}\n${(await drain(entry)).toString()}`);
    } catch (error) {
      if (error instanceof BrokenEntry) return 'refused';
      throw error;
    }
  }
  return contents;
};

describe.each<[string, () => Promise<Buffer>]>([
  ['deflated', () => makeZip(ROSTER)],
  ['stored', () => makeZip(ROSTER.map((file) => ({ ...file, options: { compress: false } })))],
  ['with data descriptors', () => makeZip(ROSTER.map((file) => ({ ...file, streamed: true })))],
  [
    'zip64',
    () =>
      makeZip(
        ROSTER.map((f) => ({ ...f, options: { forceZip64Format: true } })),
        { forceZip64Format: true },
      ),
  ],
  ['with a comment', () => makeZip(ROSTER, { comment: 'PK'.repeat(150) })],
  [
    'with a zip inside',
    async () => makeZip([{ path: 'inner.zip', content: await makeZip(ROSTER), options: { compress: false } }]),
  ],
])('R16, an archive %s', (_, make) => {
  test('is never taken for a smaller one, wherever it was cut', async () => {
    const zip = await make();
    expect(await contentsOf(zip)).not.toBe('refused');
    for (let length = 0; length < zip.length; length += 97) {
      expect([length, await contentsOf(zip.subarray(0, length))]).toEqual([length, 'refused']);
    }
    for (let cut = 1; cut < 120; cut += 1) {
      expect([cut, await contentsOf(zip.subarray(0, zip.length - cut))]).toEqual([cut, 'refused']);
    }
  });

  test('has its own contents or is refused, whichever byte is damaged, under its own names', async () => {
    const zip = await make();
    const contents = await contentsOf(zip);
    const step = Math.ceil(zip.length / 300);
    for (let at = 0; at < zip.length; at += at > zip.length - 450 ? 1 : step) {
      const damaged = Buffer.from(zip);
      damaged[at] = (damaged[at] ?? 0) ^ (1 + ((at * 31) % 255));
      const found = await contentsOf(damaged);
      if (found !== 'refused') expect([at, found]).toEqual([at, contents]);
    }
  });
});

test('R16, a new archive over the head of an old, longer one is refused', async () => {
  for (const bytes of [1_000, 5_000, 50_000]) {
    const content = Buffer.alloc(bytes, 7);
    const old = await makeZip([{ path: 'users.csv', content, options: { compress: false } }]);
    const fresh = await makeZip(ROSTER.slice(0, 2));
    expect(await contentsOf(Buffer.concat([fresh, old.subarray(fresh.length)]))).toBe('refused');
  }
});

test('R16, a name of the directory that the entry itself does not have is refused', async () => {
  for (const streamed of [false, true]) {
    const zip = await makeZip(ROSTER.map((file) => ({ ...file, streamed })));
    const at = zip.lastIndexOf('manifest.csv');
    for (const [bytes, offset] of [
      ['&', 8],
      ['MANIFEST', 0],
    ] as const) {
      const damaged = Buffer.from(zip);
      damaged.write(bytes, at + offset, 'latin1');
      expect(await contentsOf(damaged)).toBe('refused');
    }
  }
});
