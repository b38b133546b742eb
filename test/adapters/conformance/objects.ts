import type { Archive, Landing, UploadedObject } from '../../../lib/ports/objects.ts';
import type { StoredVersions } from '../../../lib/ports/stored-versions.ts';

/** Both buckets, and what SFTP does to the first. */
export interface ObjectsWorld {
  readonly landing: Landing;
  readonly archive: Archive;
  readonly landingVersions: StoredVersions;
  readonly archiveVersions: StoredVersions;
  upload(key: string, bytes: Uint8Array): Promise<Pick<UploadedObject, 'key' | 'versionId'>>;
}

let keys = 0;
const newKey = (name = 'users.csv') => `home/maple-${process.pid}/${++keys}/${name}`;
const bytesOf = (text: string) => new TextEncoder().encode(text);

async function readAll(archive: Archive, key: string, start?: number, end?: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of archive.read(key, start, end)) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

/** What the two buckets must do. */
export function objectsConformance(name: string, open: () => ObjectsWorld): void {
  describe(`${name}: landing`, () => {
    let world: ObjectsWorld;
    beforeEach(() => {
      world = open();
    });
    const uploaded = async (key: string, text: string): Promise<UploadedObject> => {
      await world.upload(key, bytesOf(text));
      const object = await world.landing.head(key);
      if (!object) throw new Error('the upload is not there');
      return object;
    };

    test('the head of an object names its version', async () => {
      const key = newKey();
      expect(await world.landing.head(key)).toBeNull();
      const { versionId } = await world.upload(key, bytesOf('one'));
      const head = await world.landing.head(key);
      expect(head).toEqual({
        key,
        versionId,
        bytes: 3,
        eTag: expect.stringMatching(/^".+"$/),
        lastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
      });
      await world.upload(key, bytesOf('two'));
      expect((await world.landing.head(key))?.versionId).not.toBe(versionId);
    });

    test.each(['a b+c%20&=.csv', 'größe 😀.zip', "it's (1)!*.csv", 'a//b', '…', '#?;,:@$.csv'])(
      'a key such as %s is copied and removed',
      async (odd) => {
        const object = await uploaded(newKey(odd), 'text');
        const archiveKey = `deliveries/x/${odd}`;
        expect(await world.landing.copyToArchive(object, archiveKey)).toBe('copied');
        expect(await readAll(world.archive, archiveKey)).toBe('text');
        expect(await world.landing.remove(object)).toBe('removed');
        expect(await world.landing.head(object.key)).toBeNull();
      },
    );

    test('a copy takes exactly its version, also when a newer one came, and after the removal', async () => {
      const key = newKey();
      const first = await uploaded(key, 'first');
      const second = await uploaded(key, 'second');
      expect(await world.landing.copyToArchive(first, `${key}/1`)).toBe('copied');
      expect(await world.landing.copyToArchive(second, `${key}/2`)).toBe('copied');
      expect(await readAll(world.archive, `${key}/1`)).toBe('first');
      expect(await world.landing.remove(second)).toBe('removed');
      expect(await world.landing.copyToArchive(first, `${key}/3`)).toBe('copied');
      expect(await readAll(world.archive, `${key}/3`)).toBe('first');
    });

    test('a folder lists its current objects, and not what lies below', async () => {
      const prefix = newKey('');
      const users = await uploaded(`${prefix}a b+%20ü.csv`, 'old');
      const current = await uploaded(users.key, 'new');
      const removed = await uploaded(`${prefix}orgs.csv`, 'text');
      for (const below of ['reports/x.csv', 'test/users.csv']) await uploaded(prefix + below, 'text');
      await world.landing.remove(removed);
      const { versionId: _, ...listed } = current;
      expect(await world.landing.list(prefix)).toEqual([listed]);
      expect(await world.landing.list(`${prefix}nothing/`)).toEqual([]);
    });

    test('a version that is not there is gone', async () => {
      const first = await uploaded(newKey(), 'first');
      expect(await world.landing.copyToArchive({ ...first, key: newKey() }, 'x')).toBe('gone');
    });

    test('R15: a newer upload is never removed', async () => {
      const key = newKey();
      const first = await uploaded(key, 'first');
      const second = await uploaded(key, 'second');
      expect(await world.landing.remove(first)).toBe('replaced');
      expect((await world.landing.head(key))?.versionId).toBe(second.versionId);
    });

    test('removing twice is fine', async () => {
      const first = await uploaded(newKey(), 'first');
      expect(await world.landing.remove(first)).toBe('removed');
      expect(await world.landing.remove(first)).toBe('gone');
    });
  });

  describe(`${name}: archive`, () => {
    let archive: Archive;
    beforeEach(() => {
      archive = open().archive;
    });

    test('text comes back; a missing object is null, or a failure for whoever streams it', async () => {
      const key = newKey('summary.json');
      expect(await archive.readText(key)).toBeNull();
      expect(await archive.size(key)).toBeNull();
      await expect(readAll(archive, key)).rejects.toMatchObject({ name: 'ObjectMissing', code: 'object-missing' });
      await archive.writeText(key, '{"ä":"😀"}');
      expect(await archive.readText(key)).toBe('{"ä":"😀"}');
      expect(await archive.size(key)).toBe(13);
    });

    test.each([
      [undefined, undefined, '0123456789'],
      [0, 10, '0123456789'],
      [3, undefined, '3456789'],
      [3, 5, '34'],
      [3, 3, ''],
      [8, 99, '89'],
      [10, undefined, ''],
      [10, 12, ''],
    ])('bytes from %s to %s', async (start, end, expected) => {
      const key = newKey('digits');
      await archive.writeText(key, '0123456789');
      expect(await readAll(archive, key, start, end)).toBe(expected);
    });

    test('what is renewed is as it was; what is not there is not renewed', async () => {
      const key = newKey('renewed');
      expect(await archive.renew(key)).toBe(false);
      await archive.writeText(key, 'text');
      expect(await archive.renew(key)).toBe(true);
      expect(await archive.readText(key)).toBe('text');
    });

    test('an empty object is read as nothing', async () => {
      const key = newKey('empty');
      await archive.writer(key).end();
      expect(await archive.size(key)).toBe(0);
      expect(await readAll(archive, key)).toBe('');
      expect(await readAll(archive, key, 5)).toBe('');
    });

    test('a large object is there when it ended, whole, and not before', async () => {
      const key = newKey('large');
      const writer = archive.writer(key);
      const piece = bytesOf('0123456789abcdef'.repeat(16 * 1024));
      for (let i = 0; i < 12; i++) await writer.write(piece);
      expect(await archive.size(key)).toBeNull();
      await writer.end();
      expect(await archive.size(key)).toBe(12 * piece.length);
      let read = 0;
      let pieces = 0;
      for await (const part of archive.read(key)) {
        read += part.length;
        pieces++;
      }
      expect(read).toBe(12 * piece.length);
      expect(pieces).toBeGreaterThan(1);
      expect(await readAll(archive, key, 1_000_000, 1_000_016)).toBe('0123456789abcdef');
    });

    test('what was abandoned leaves nothing, at any point', async () => {
      const key = newKey('abandoned');
      await archive.writer(key).abandon();
      const writer = archive.writer(key);
      await writer.write(bytesOf('text'));
      await writer.abandon();
      await writer.abandon();
      expect(await archive.size(key)).toBeNull();
    });

    test('a reader may stop early', async () => {
      const key = newKey('early');
      await archive.writeText(key, 'x'.repeat(1_000_000));
      for await (const part of archive.read(key)) {
        expect(part.length).toBeGreaterThan(0);
        break;
      }
      expect(await archive.size(key)).toBe(1_000_000);
    });
  });

  describe(`${name}: all versions below a prefix`, () => {
    const sum = async (batches: AsyncIterable<number>) => {
      let all = 0;
      for await (const count of batches) all += count;
      return all;
    };

    test('are counted and deleted, whatever their names; what lies beside is not touched', async () => {
      const world = open();
      const district = `leaving-${process.pid}-${++keys}`;
      const names = ['a b+c%20&=.csv', 'größe 😀.zip', 'sub/deeper/x.csv', 'twice.csv', 'removed.csv', 'tab\there.csv'];
      for (const each of names) await world.upload(`home/${district}/${each}`, bytesOf('first'));
      await world.upload(`home/${district}/twice.csv`, bytesOf('second'));
      await world.upload(`home/${district}2/users.csv`, bytesOf('theirs'));
      const removed = await world.landing.head(`home/${district}/removed.csv`);
      if (removed) await world.landing.remove(removed);
      // In S3 a removal leaves a marker, which is a version too.
      const before = await sum(world.landingVersions.count(`home/${district}/`));
      expect([7, 8]).toContain(before);
      expect(await sum(world.landingVersions.remove(`home/${district}/`))).toBe(before);
      expect(await sum(world.landingVersions.count(`home/${district}/`))).toBe(0);
      expect(await sum(world.landingVersions.remove(`home/${district}/`))).toBe(0);
      for (const each of names) expect(await world.landing.head(`home/${district}/${each}`)).toBeNull();
      expect(await world.landing.head(`home/${district}2/users.csv`)).not.toBeNull();
    });

    test('of the archive go too, more than a page of them', async () => {
      const { archive, archiveVersions } = open();
      const prefix = `plans/leaving-${process.pid}-${++keys}/`;
      const many = Array.from({ length: 1_050 }, (_, at) => `${prefix}s-1/${at}.jsonl.gz`);
      for (let at = 0; at < many.length; at += 50)
        await Promise.all(many.slice(at, at + 50).map((key) => archive.writeText(key, 'x')));
      expect(await sum(archiveVersions.count(prefix))).toBe(many.length);
      expect(await sum(archiveVersions.remove(prefix))).toBe(many.length);
      expect(await archive.readText(many[0] ?? '')).toBeNull();
      expect(await sum(archiveVersions.count(prefix))).toBe(0);
    });
  });
}
