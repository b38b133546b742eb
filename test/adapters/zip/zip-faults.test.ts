import { BrokenEntry } from '../../../lib/adapters/zip/broken-entry.ts';
import { openZip } from '../../../lib/adapters/zip/open-zip.ts';
import { accessOf, CENTRAL, drain, headersOf, makeZip, openBytes, patched } from './make-zip.ts';

const MIB = 1024 * 1024;
const two = () =>
  makeZip([
    { path: 'orgs.csv', content: 'a,b\n1,2\n' },
    { path: 'users.csv', content: 'c,d\n3,4\n' },
  ]);

const renamed = async (path: string): Promise<Buffer> => {
  const name = Buffer.from(path);
  const zip = await makeZip([{ path: 'x'.repeat(name.length), content: 'a' }]);
  return patched(zip, 0, (copy, central) => name.copy(copy, central + CENTRAL.name));
};

describe('an archive that is refused', () => {
  test.each([
    ['no bytes', async () => Buffer.alloc(0)],
    ['not a zip', async () => Buffer.from('sourcedId,status\n')],
    ['only zeros', async () => Buffer.alloc(100_000)],
    ['bytes after its end', async () => Buffer.concat([await two(), Buffer.from('x')])],
    ['bytes before its start', async () => Buffer.concat([Buffer.from('x'), await two()])],
    [
      'the first of two disks',
      async () => {
        const zip = await two();
        zip.writeUInt16LE(1, zip.length - 22 + 4);
        return zip;
      },
    ],
    [
      'an end record that names one entry less',
      async () => {
        const zip = await two();
        zip.writeUInt16LE(1, zip.length - 22 + 8);
        zip.writeUInt16LE(1, zip.length - 22 + 10);
        return zip;
      },
    ],
    [
      'an end record that names one entry more',
      async () => {
        const zip = await two();
        zip.writeUInt16LE(3, zip.length - 22 + 10);
        return zip;
      },
    ],
    [
      'a directory outside of the file',
      async () => {
        const zip = await two();
        zip.writeUInt32LE(0xfffffff0, zip.length - 22 + 16);
        return zip;
      },
    ],
    [
      'two entries that share their bytes',
      async () => {
        const zip = await two();
        return patched(zip, 1, (copy, central) =>
          copy.writeUInt32LE(headersOf(zip)[0]?.local ?? 0, central + CENTRAL.local),
        );
      },
    ],
    ['a folder that has bytes', () => renamed('users.csv/')],
  ])('zip-broken: %s', async (_, make) => {
    expect(await openBytes(await make())).toEqual({
      entries: [],
      ignored: [],
      faults: [{ code: 'zip-broken', path: null }],
    });
  });

  test('zip-encrypted: the traditional flag, and the strong one', async () => {
    const flagged = async (flags: number) =>
      (await openBytes(patched(await two(), 1, (copy, central) => copy.writeUInt16LE(flags, central + CENTRAL.flags))))
        .faults;
    expect(await flagged(0x801)).toEqual([{ code: 'zip-encrypted', path: 'users.csv' }]);
    expect(await flagged(0x841)).toEqual([{ code: 'zip-encrypted', path: null }]);
  });

  test.each(
    ['/etc/users.csv', '../users.csv', 'a/../../users.csv', 'C:/users.csv', 'C:users.csv', 'a\\users.csv'].concat([
      '..\\users.csv',
      'a/..',
      'a//users.csv',
      'a/./users.csv',
      'users.csv\0.exe',
      'us\ners.csv',
    ]),
  )('zip-unsafe-path: %j', async (path) => {
    const archive = await openBytes(await renamed(path));
    expect(archive.entries).toEqual([]);
    expect(archive.faults).toEqual([{ code: 'zip-unsafe-path', path }]);
  });

  test.each([
    ['a symbolic link', 0o120777],
    ['a device', 0o060600],
    ['a pipe', 0o010600],
  ])('zip-unsafe-path: %s', async (_, mode) => {
    const zip = patched(await two(), 0, (copy, central) => {
      copy.writeUInt32LE((mode << 16) >>> 0, central + CENTRAL.attributes);
    });
    expect((await openBytes(zip)).faults).toEqual([{ code: 'zip-unsafe-path', path: 'orgs.csv' }]);
  });

  test.each([
    ['users.csv', 'users.csv'],
    ['Users.CSV', 'users.csv'],
    ['SCHÜLER.csv', 'schüler.csv'],
    ['sch\u00fcler.csv', 'schu\u0308ler.csv'],
  ])('zip-duplicate-entry: %j and %j', async (first, second) => {
    const zip = await makeZip([first, second].map((path) => ({ path, content: 'a' })));
    expect((await openBytes(zip)).faults).toEqual([{ code: 'zip-duplicate-entry', path: second }]);
  });

  test('zip-method: anything but stored and deflate', async () => {
    const zip = patched(await two(), 1, (copy, central) => copy.writeUInt16LE(12, central + CENTRAL.method));
    expect((await openBytes(zip)).faults).toEqual([{ code: 'zip-method', path: 'users.csv' }]);
  });

  test('zip-too-many-entries: one over the limit', async () => {
    const zip = (count: number) =>
      makeZip(Array.from({ length: count }, (_, i) => ({ path: `f${i}.csv`, content: 'a' })));
    expect((await openBytes(await zip(200))).faults).toEqual([]);
    expect((await openBytes(await zip(201))).faults).toEqual([{ code: 'zip-too-many-entries', path: null }]);
    expect((await openBytes(await two(), { maxEntries: 1 })).faults).toHaveLength(1);
  });

  test('zip-too-large: one byte over the limit', async () => {
    expect((await openBytes(await two(), { maxExpandedBytes: 16 })).faults).toEqual([]);
    expect((await openBytes(await two(), { maxExpandedBytes: 15 })).faults).toEqual([
      { code: 'zip-too-large', path: null },
    ]);
  });

  test('zip-ratio: a bomb is seen from the directory, small files may be as regular as they like', async () => {
    const zeros = (bytes: number) => makeZip([{ path: 'users.csv', content: Buffer.alloc(bytes) }]);
    expect((await openBytes(await zeros(10 * MIB))).faults).toEqual([]);
    expect((await openBytes(await zeros(11 * MIB))).faults).toEqual([{ code: 'zip-ratio', path: 'users.csv' }]);
    const many = Array.from({ length: 6 }, (_, i) => ({ path: `f${i}.csv`, content: Buffer.alloc(2 * MIB) }));
    expect((await openBytes(await makeZip(many))).faults).toEqual([{ code: 'zip-ratio', path: null }]);
  });

  test('every reason is named', async () => {
    const zip = await makeZip(['orgs.csv', 'ORGS.csv', 'xx/users.csv'].map((path) => ({ path, content: 'a' })));
    const bad = patched(zip, 2, (copy, central) => copy.write('../', central + CENTRAL.name));
    expect((await openBytes(bad)).faults.map((fault) => fault.code)).toEqual([
      'zip-unsafe-path',
      'zip-duplicate-entry',
    ]);
  });
});

describe('an entry that is not what was promised', () => {
  const first = async (zip: Buffer) => {
    const archive = await openBytes(zip);
    expect(archive.faults).toEqual([]);
    const [entry] = archive.entries;
    if (entry === undefined) throw new Error('no entry');
    return entry;
  };
  const stored = () => makeZip([{ path: 'users.csv', content: 'a,b\n1,2\n', options: { compress: false } }]);
  const deflated = () => makeZip([{ path: 'users.csv', content: 'a,b\n1,2\n'.repeat(50) }]);

  test.each([
    ['another checksum', deflated, CENTRAL.crc],
    ['another checksum of a stored entry', stored, CENTRAL.crc],
    ['an expanded size that is off', deflated, CENTRAL.expanded],
    ['a compressed size that is off', deflated, CENTRAL.compressed],
  ])('%s, by one either way', async (_, make, field) => {
    for (const by of [1, -1]) {
      const zip = patched(await make(), 0, (copy, central) => {
        copy.writeUInt32LE((copy.readUInt32LE(central + field) + by) >>> 0, central + field);
      });
      const whole = (await make()).equals(zip);
      expect(whole).toBe(false);
      const entry = await first(zip);
      // A deflate stream says itself where it ends: a byte more of the archive behind it changes nothing.
      if (field === CENTRAL.compressed && by === 1) expect((await drain(entry)).length).toBe(400);
      else await expect(drain(entry)).rejects.toBeInstanceOf(BrokenEntry);
    }
  });

  test('a changed byte of its content', async () => {
    const zip = await stored();
    zip[zip.indexOf('1,2')] = 0x39;
    await expect(drain(await first(zip))).rejects.toMatchObject({ name: 'BrokenEntry', code: 'broken-entry' });
  });

  test('bytes that cannot be inflated', async () => {
    const zip = await deflated();
    zip[30 + 'users.csv'.length] = 0xff;
    await expect(drain(await first(zip))).rejects.toBeInstanceOf(BrokenEntry);
  });

  test('a local header that is not there', async () => {
    const zip = await deflated();
    zip[0] = 0;
    expect((await openBytes(zip)).faults).toEqual([{ code: 'zip-broken', path: null }]);
  });

  test('a bomb that understates its size is stopped there', async () => {
    const zip = patched(await makeZip([{ path: 'users.csv', content: Buffer.alloc(32 * MIB) }]), 0, (copy, central) => {
      copy.writeUInt32LE(100_000, central + CENTRAL.expanded);
    });
    const entry = await first(zip);
    let seen = 0;
    const reading = async () => {
      for await (const chunk of entry.open()) seen += chunk.length;
    };
    await expect(reading()).rejects.toBeInstanceOf(BrokenEntry);
    expect(seen).toBeLessThanOrEqual(100_000);
  });
});

describe('a source that fails is not a broken archive', () => {
  const failing = (zip: Buffer, failsFrom: number) => {
    const source = accessOf(zip);
    const lost = new Error('connection lost');
    return {
      size: source.size,
      async *read(start: number, endExclusive: number): AsyncGenerator<Uint8Array> {
        if (source.reads >= failsFrom) throw lost;
        yield* source.read(start, endExclusive);
      },
    };
  };
  const big = () => makeZip([{ path: 'a.csv', content: Buffer.alloc(300_000, 'x'), options: { compress: false } }]);
  const bigDeflated = async () => {
    const noise = Buffer.from(Array.from({ length: 300_000 }, (_, i) => ((i * i * 48_271) % 65_521) % 256));
    return makeZip([{ path: 'a.csv', content: noise }]);
  };

  test.each([
    ['opening', big, 0],
    ['the name in the local header', big, 1],
    ['the local header', big, 2],
    ['the data', big, 3],
    ['deflated data', bigDeflated, 3],
  ])('its error comes through: %s', async (_, make, failsFrom) => {
    const reading = async () => {
      const archive = await openZip(failing(await make(), failsFrom));
      for (const entry of archive.entries) await drain(entry);
    };
    await expect(reading()).rejects.toThrow('connection lost');
  });

  test('a source that ends early is a broken archive', async () => {
    const zip = await bigDeflated();
    const source = accessOf(zip);
    const short = {
      size: zip.length,
      async *read(start: number, endExclusive: number): AsyncGenerator<Uint8Array> {
        for await (const chunk of source.read(start, endExclusive)) yield source.reads > 3 ? chunk.subarray(1) : chunk;
      },
    };
    const [entry] = (await openZip(short)).entries;
    if (entry === undefined) throw new Error('no entry');
    await expect(drain(entry)).rejects.toBeInstanceOf(BrokenEntry);
  });
});
