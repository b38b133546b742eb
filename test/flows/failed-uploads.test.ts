import { failedObject, uploadFailedEvent } from '../../lib/contracts/transfer-events.ts';
import { barUpload } from '../../lib/flows/bar-upload.ts';
import { considerSet } from '../../lib/flows/consider-set.ts';
import type { UploadedObject } from '../../lib/ports/objects.ts';
import { inMode, PLAIN, without } from '../support/plain-delivery.ts';
import { filesOf } from '../support/small-delivery.ts';
import { asZip, calling, withStudents } from './exports.ts';
import { DISTRICT, FlowWorld, QUIET_SECONDS } from './flow-world.ts';

let world: FlowWorld;
beforeEach(async () => {
  world = await FlowWorld.open();
});

const FILES = filesOf(inMode(PLAIN, 'absent', 'demographics'));
const HOURS = 6;

/** Transfer says that an upload failed, as of now or of another moment. */
const report = ({ key, eTag }: Pick<UploadedObject, 'key' | 'eTag'>, endedAt = world.clock.now().toISOString()) =>
  barUpload(world.ports, failedObject(uploadFailedEvent('landing', { key, eTag, endedAt }), 'landing'));

const claimAll = async (files: Readonly<Record<string, string>>) => {
  const outcomes: string[] = [];
  for (const [path, text] of Object.entries(files)) outcomes.push(await world.claim(world.put(path, text)));
  return outcomes;
};

const isLanded = async ({ key }: UploadedObject) => (await world.objects.head(key)) !== null;

describe('R16: a zip whose upload was reported as failed, whole as it may look', () => {
  test('before it is claimed: it is incomplete, no plan is asked for, and nothing is in the way of the next', async () => {
    const object = world.put('export.zip', await asZip(PLAIN));
    expect(await report(object)).toBe('barred');
    expect(await world.claim(object)).toBe('incomplete');
    expect(await isLanded(object)).toBe(false);
    expect((await world.states()).deliveries).toEqual(['incomplete']);
    expect(world.queues.plans).toEqual([]);
  });

  test('before its own event, too', async () => {
    const object = world.put('export.zip', await asZip(PLAIN));
    await report(object);
    expect(await report(object)).toBe('barred');
    await world.send({ 'export.zip': await asZip(PLAIN) });
    expect(await world.run()).toEqual(['incomplete']);
  });

  test('after it was received: its plan is incomplete, and the delivery that waits behind it goes on', async () => {
    await world.claim(world.put('export-1.zip', await asZip(calling('Ann'))));
    await world.run();
    world.clock.advanceSeconds(60);
    const failed = world.put('export-2.zip', await asZip(calling('Bea')));
    expect(await world.claim(failed)).toBe('received');
    world.clock.advanceSeconds(60);
    // Brings users alone: it does not run instead of the failed one, but after it.
    const users = inMode(calling('Eve'), 'absent', 'org', 'academicSession', 'course', 'class', 'enrollment');
    expect(await world.claim(world.put('export-3.zip', await asZip(users)))).toBe('received');
    await report(failed);
    await world.run();
    expect((await world.states()).syncs).toEqual(['applied', 'incomplete', 'applied']);
    expect(world.users()['student']).toBe('active Eve');
  });

  test('the newest that waits: the older one behind it, which gave way to it, runs', async () => {
    expect(await world.claim(world.put('export-1.zip', await asZip(calling('Ann'))))).toBe('received');
    world.clock.advanceSeconds(60);
    const failed = world.put('export-2.zip', await asZip(calling('Bea')));
    expect(await world.claim(failed)).toBe('received');
    await report(failed);
    await world.run();
    expect((await world.states()).syncs).toEqual(['applied', 'incomplete']);
    expect(world.users()['student']).toBe('active Ann');
  });

  test('while it is planned: nothing of the plan is applied or kept, and its finding says why', async () => {
    const object = world.put('export.zip', await asZip(PLAIN));
    await world.claim(object);
    const { readSynced } = world.ports.roster;
    world.ports.roster.readSynced = async function* (districtId, kind) {
      await report(object);
      yield* readSynced(districtId, kind);
    };
    expect(await world.run()).toEqual(['incomplete']);
    const [sync] = await world.syncs();
    expect(sync).toMatchObject({ state: 'incomplete', holds: [], content: '', untold: [] });
    expect(sync?.findingCounts.byCode['upload-failed']).toBe(1);
    expect(Object.values(sync!.changes).every(({ add }) => add === 0)).toBe(true);
    expect(world.writes).toEqual([]);
    expect(world.users()).toEqual({});
  });

  test('after its sync began: that is finished (R15), and the event changes nothing', async () => {
    const object = world.put('export.zip', await asZip(PLAIN));
    await world.claim(object);
    expect(await world.plan()).toBe('applying');
    expect(await report(object)).toBe('barred');
    await world.run();
    expect((await world.states()).syncs).toEqual(['applied']);
  });

  test('replaced by another upload: that one is free', async () => {
    const failed = world.put('export.zip', (await asZip(PLAIN)).subarray(0, -1));
    await report(failed);
    expect(await world.claim(world.put('export.zip', await asZip(PLAIN)))).toBe('received');
  });

  test.each<[string, number, string]>([
    ['a minute after the end of the failed one: still that one', 60, 'incomplete'],
    ['later: another upload, and whole', 61, 'received'],
  ])('the same bytes with the same tag, %s', async (_name, seconds, outcome) => {
    const bytes = await asZip(PLAIN);
    const failed = world.put('export.zip', bytes);
    await report(failed);
    world.clock.advanceSeconds(seconds);
    const again = world.put('export.zip', bytes);
    expect(again.eTag).toBe(failed.eTag);
    expect(await world.claim(again)).toBe(outcome);
  });

  test('known only after a claim whose answer was lost: the delivery that was made waits and is asked for', async () => {
    const object = world.put('export.zip', await asZip(PLAIN));
    const { create } = world.ledger;
    world.ledger.create = async (...args) => {
      world.ledger.create = create;
      await create(...args);
      throw new Error('killed');
    };
    await expect(world.claim(object)).rejects.toThrow('killed');
    await report(object);
    world.clock.advanceSeconds(30);
    expect(await world.claim(object)).toBe('received');
    expect(await world.run()).toEqual(['incomplete']);
    expect(await world.states()).toEqual({ deliveries: ['planned'], syncs: ['incomplete'] });
  });
});

describe('R16: loose files, one of which was reported as failed', () => {
  const { 'users.csv': users = '', ...others } = FILES;

  test.each(['before', 'after'])('%s its claim: the set stays open until the file is replaced', async (when) => {
    const failed = world.put('users.csv', users.replaceAll('Ann', 'Old'));
    if (when === 'before') await report(failed);
    expect(await world.claim(failed)).toBe('set-open');
    if (when === 'after') await report(failed);
    expect(await isLanded(failed)).toBe(false);
    expect((await claimAll(others)).at(-1)).toBe('set-open');
    world.clock.advanceSeconds(600);
    expect(await world.claim(world.put('users.csv', users))).toBe('received');
    await world.run();
    expect(world.users()['student']).toBe('active Ann');
    expect((await world.states()).deliveries).toEqual(['planned']);
  });

  test('never replaced: the set is incomplete at the end of its time, and nothing was changed', async () => {
    const failed = world.put('users.csv', users);
    await report(failed);
    await world.claim(failed);
    await claimAll(others);
    const [open] = await world.ledger.openSets(DISTRICT);
    world.clock.advanceSeconds(HOURS * 3600 + 1);
    const consider = { type: 'consider-set', districtId: DISTRICT, folder: '', deliveryId: open!.deliveryId } as const;
    expect(await considerSet(world.ports, consider)).toBe('incomplete');
    expect((await world.states()).deliveries).toEqual(['incomplete']);
    expect(world.users()).toEqual({});
  });

  test('the newer version failed: the older one does not count in its place', async () => {
    const { 'orgs.csv': orgs = '', ...rest } = others;
    await claimAll({ 'users.csv': users, ...rest });
    world.clock.advanceSeconds(60);
    const failed = world.put('users.csv', users.slice(0, users.lastIndexOf('\r\n', users.length - 3) + 2));
    await report(failed);
    await world.claim(failed);
    expect(await world.claim(world.put('orgs.csv', orgs))).toBe('set-open');
  });

  test('without a manifest, as late as the wait for more files allows', async () => {
    const { 'manifest.csv': _, ...files } = others;
    const failed = world.put('users.csv', users);
    await world.claim(failed);
    await claimAll(files);
    world.clock.advanceSeconds(QUIET_SECONDS * 9);
    await report(failed);
    expect((await world.run()).at(-1)).toBe('set-open');
  });

  test('after the set was sealed: its plan is incomplete', async () => {
    const failed = world.put('users.csv', users);
    await world.claim(failed);
    expect((await claimAll(others)).at(-1)).toBe('received');
    await report(failed);
    expect((await world.run())[0]).toBe('incomplete');
    expect(world.users()).toEqual({});
  });

  test('a file that is no part of an export: it is not read, so it holds nothing back', async () => {
    const failed = world.put('notes.csv', 'a,b\r\n');
    expect(await report(failed)).toBe('barred');
    await world.claim(failed);
    expect((await claimAll(FILES)).at(-1)).toBe('received');
  });

  test('a file of an earlier export that this one calls absent: neither does it', async () => {
    const failed = world.put('demographics.csv', filesOf(PLAIN)['demographics.csv']!);
    await report(failed);
    await world.claim(failed);
    expect((await claimAll(FILES)).at(-1)).toBe('received');
    expect((await world.run()).filter((outcome) => outcome === 'applied')).toHaveLength(1);
  });

  test('another folder has a file of that name and tag: that one is free', async () => {
    await report({ key: `home/${DISTRICT}/test/users.csv`, eTag: world.put('users.csv', users).eTag });
    expect((await claimAll(FILES)).at(-1)).toBe('received');
  });
});

describe('R13, R16: a held plan', () => {
  const CROWD = withStudents(30);
  const HALF = without(CROWD, 'user', ...Array.from({ length: 28 }, (_, at) => `s${at + 1}`));

  test.each(['as-shown', 'all-but-removals'] as const)(
    'is not approved %s once its upload is known as failed',
    async (scope) => {
      await world.claim(world.put('day-1.zip', await asZip(CROWD)));
      await world.run();
      world.clock.advanceSeconds(60);
      const failed = world.put('day-2.zip', await asZip(HALF));
      await world.claim(failed);
      await world.run();
      await report(failed);
      const { syncId, state } = (await world.syncs())[0]!;
      expect(state).toBe('held');
      const approve = { name: 'approve', syncId, scope, why: null, newerSeen: null } as const;
      expect(await world.command(approve)).toMatchObject({ outcome: 'refused', code: 'upload-failed', syncId });
      expect((await world.log.get(DISTRICT, syncId))?.state).toBe('held');
      expect(await world.command({ name: 'reject', syncId, why: 'cut' })).toMatchObject({ outcome: 'done' });
    },
  );
});

describe('an event that bars nothing', () => {
  const zip = asZip(PLAIN);
  const failing = (key: string) => report({ key, eTag: '"1"' });

  test.each<[string, string, string]>([
    ['a report of ours', `home/${DISTRICT}/reports/2026-11-23/findings.csv`, 'report'],
    ['a temporary name', `home/${DISTRICT}/export.zip.filepart`, 'temporary-name'],
    ['a file that is no export', `home/${DISTRICT}/notes.txt`, 'stray-file'],
    ['a folder', `home/${DISTRICT}/x/`, 'folder-marker'],
    ['a district that nobody knows', 'home/oak-hill/export.zip', 'unknown-district'],
    ['an object outside of all homes', 'elsewhere/export.zip', 'not-an-upload'],
  ])('%s', async (_name, key, outcome) => {
    expect(await failing(key)).toBe(outcome);
    expect([...world.store.bars.of(DISTRICT)]).toEqual([]);
  });

  test("names another district: this one's file of the same name and tag is free (R3)", async () => {
    await world.ports.districts.save(
      { ...(await world.ports.districts.get(DISTRICT))!.settings, districtId: 'oak-hill' },
      0,
    );
    const object = world.put('export.zip', await zip);
    expect(await report({ key: 'home/oak-hill/export.zip', eTag: object.eTag })).toBe('barred');
    expect(await world.claim(object)).toBe('received');
  });

  test('names a file that is not there, or no tag', async () => {
    expect(await failing(`home/${DISTRICT}/export.zip`)).toBe('barred');
    expect(await barUpload(world.ports, null)).toBe('not-an-upload');
    expect(await world.claim(world.put('export.zip', await zip))).toBe('received');
  });

  test('does not say when the upload ended: then as of now', async () => {
    const object = world.put('export.zip', await zip);
    await barUpload(world.ports, { key: object.key, eTag: object.eTag, endedAt: null });
    expect(await world.claim(object)).toBe('incomplete');
  });
});
