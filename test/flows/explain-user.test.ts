import { memoryRosterLookup } from '../../lib/adapters/memory/roster-lookup.ts';
import { districtSettingsSchema } from '../../lib/core/district/settings.ts';
import { explainUser } from '../../lib/core/explain/explain-user.ts';
import type { UserFacts } from '../../lib/core/explain/user-facts.ts';
import { NEW_DISTRICT_STATE } from '../../lib/core/sync/new-district.ts';
import { gatherUserFacts } from '../../lib/flows/explain-user.ts';
import { createManualRecord, editSyncedRecord } from '../../lib/flows/portal.ts';
import { ObjectMissing } from '../../lib/ports/failure.ts';
import { edited, inMode, PLAIN, withCopy, without } from '../support/plain-delivery.ts';
import { filesOf, type SmallDelivery } from '../support/small-delivery.ts';
import { asZip, deltaOf } from './exports.ts';
import { DISTRICT, FlowWorld, QUIET_SECONDS, zipOf } from './flow-world.ts';

let world: FlowWorld;
beforeEach(async () => {
  world = await FlowWorld.open();
});

/** Uploads a zip and lets everything run; the state of its sync. */
async function send(delivery: SmallDelivery | Uint8Array, path = 'export.zip'): Promise<string | undefined> {
  world.clock.advanceSeconds(3600);
  const bytes = delivery instanceof Uint8Array ? delivery : await asZip(delivery);
  await world.claim(world.put(path, bytes));
  await world.run();
  return (await world.states()).syncs.at(-1);
}

const explainPorts = () => ({ ...world.ports, lookup: memoryRosterLookup(world.store) });
const gather = (asked: string): Promise<UserFacts> =>
  gatherUserFacts(explainPorts(), { districtId: DISTRICT, maxRowBytes: 262_144 }, asked);

/** The answer with what people read, one text. */
async function ask(asked: string) {
  const facts = await gather(asked);
  const { answer, headline, lines } = explainUser(facts);
  return { facts, answer, text: [headline, ...lines.map(({ text }) => text)].join('\n') };
}

/** The student's record with a new sourcedId: the same person, the same username. */
const rekeyed = (delivery: SmallDelivery): SmallDelivery => {
  const rename = (id: string) => (id === 'student' ? '900' : id);
  const renamed = (kind: 'user' | 'demographics') => ({
    ...delivery[kind],
    rows: delivery[kind].rows.map((row) => ({ ...row, id: rename(row.id) })),
  });
  return edited({ ...delivery, user: renamed('user'), demographics: renamed('demographics') }, 'enrollment', 'seat', {
    userSourcedId: '900',
  });
};

describe('somebody who is there', () => {
  const withEmail = edited(PLAIN, 'user', 'student', { email: 'ann.lee@example.org' });
  test.each([
    ['sourcedId', 'student', 'sourcedId', null],
    ['username', 'student.name', 'username', null],
    ['username in other letters', ' Student.NAME', 'username', 3],
    ['e-mail', 'Ann.Lee@example.org', 'email', 3],
  ])('asked for by %s', async (_, asked, matchedBy, syncedUsers) => {
    expect(await send(withEmail)).toBe('applied');
    const { facts, answer } = await ask(asked);
    expect(answer).toEqual(['active', 'in-delivery']);
    expect(facts.user).toMatchObject({ sourcedId: 'student', matchedBy, movedFrom: [] });
    expect(facts.lookedAt).toEqual({ syncedUsers, manualUsers: 0, heldSyncs: 0, arrivingDeliveryId: null });
    expect(facts.others).toEqual([]);
  });

  test('with rows of every file, counted as findings count them, schools and classes', async () => {
    await send(PLAIN);
    const { facts, text } = await ask('student');
    const rows = [
      { file: 'users', name: 'users.csv', row: 2, sourcedId: 'student', status: '' },
      { file: 'enrollments', name: 'enrollments.csv', row: 2, sourcedId: 'seat', status: '' },
      { file: 'demographics', name: 'demographics.csv', row: 2, sourcedId: 'student', status: '' },
    ];
    const users = { mode: 'bulk', rows: 3, fault: null };
    expect(facts.deliveries).toMatchObject([{ which: 'last', state: 'applied', files: 'read', users, rows }]);
    expect(facts.schools).toEqual([{ sourcedId: 'school', name: 'Maple High', status: 'active' }]);
    expect(facts.classes).toEqual([
      {
        ...{ sourcedId: 'seat', classSourcedId: 'class', role: 'student', primary: false, beginDate: '', endDate: '' },
        class: { sourcedId: 'class', name: 'Reading 1', status: 'active' },
      },
    ]);
    expect(text).toContain('Ann Lee (student, username student.name) is an active student of Maple High, in 1 class');
    expect(text).toContain('users.csv row 2');
  });

  test('the loose files of a folder are read like a zip', async () => {
    await world.send(filesOf(PLAIN));
    world.clock.advanceSeconds(QUIET_SECONDS);
    await world.run();
    const { facts, answer } = await ask('teacher');
    expect(answer).toEqual(['active', 'in-delivery']);
    expect(facts.deliveries[0]?.rows.map(({ name, row }) => `${name} ${row}`)).toEqual([
      'users.csv 3',
      'enrollments.csv 3',
    ]);
  });

  test('edited in the Portal, and doubled by hand (R2)', async () => {
    await send(PLAIN);
    const portal = { portal: world.portal, clock: world.clock, ids: world.ports.ids };
    await editSyncedRecord(portal, DISTRICT, 'user', 'student', { givenName: 'Anna', enabledUser: false });
    await createManualRecord(portal, DISTRICT, 'user', { username: 'STUDENT.name', role: 'student' });
    const { facts, answer } = await ask('student.name');
    expect(answer).toEqual(['active', 'disabled', 'edited', 'in-delivery', 'manual']);
    expect(facts.user?.record?.editedAt).toBe(world.clock.now().toISOString());
    expect(facts.manual).toMatchObject([{ username: 'STUDENT.name', role: 'student' }]);
  });
});

describe('somebody who is not', () => {
  test('filtered out: inactive since the sync that missed them', async () => {
    await send(PLAIN);
    await send(without(PLAIN, 'user', 'student'));
    const [newest] = await world.syncs();
    const later = edited(without(PLAIN, 'user', 'student'), 'user', 'teacher', { givenName: 'Bea' });
    await send(later);
    // A later sync may write an inactive record again, for a re-key for example.
    world.store.synced(DISTRICT, 'user').get('student')!.syncId = (await world.syncs())[0]!.syncId;
    const { facts, answer, text } = await ask('student');
    expect(answer).toEqual(['inactive', 'not-in-delivery', 'filtered', 'other-row-invalid']);
    expect(facts.inactive).toEqual({
      since: newest!.createdAt,
      syncId: newest!.syncId,
      origin: 'delivery',
      deliveryId: newest!.deliveryId,
    });
    expect(facts.deliveries[0]?.findings.map(({ code, row }) => [code, row])).toContainEqual([
      'unresolved-reference',
      2,
    ]);
    expect(text).toContain(newest!.syncId);
  });

  test('whose row is damaged: nobody knows them, and the finding says why (R5)', async () => {
    await send(PLAIN);
    const newcomer = withCopy(PLAIN, 'user', 'student', { role: 'pupil', username: 'new.name' });
    const rows = newcomer.user.rows.map((row, at) => (at === 3 ? { ...row, id: 'new' } : row));
    await send({ ...newcomer, user: { ...newcomer.user, rows } });
    for (const asked of ['new', 'new.name']) {
      const { facts, answer, text } = await ask(asked);
      expect(answer).toEqual(['not-in-roster', 'in-delivery', 'row-invalid']);
      expect(facts.user).toMatchObject({ sourcedId: 'new', record: null });
      expect(facts.deliveries[0]?.findings).toMatchObject([{ file: 'users.csv', row: 5, column: 'role' }]);
      expect(text).toContain(facts.deliveries[0]?.findings[0]?.hint);
    }
  });

  test('whose row says tobedeleted', async () => {
    await send(PLAIN);
    await send(edited(PLAIN, 'user', 'student', { status: 'tobedeleted' }));
    expect((await ask('student')).answer.slice(0, 2)).toEqual(['inactive', 'marked-removed']);
  });

  test('not known at all: where it was looked', async () => {
    await send(PLAIN);
    const { facts, answer, text } = await ask('maria.gomez');
    expect(answer).toEqual(['unknown', 'not-in-delivery']);
    expect(facts.user).toBeNull();
    expect(text).toContain('of all 3 synced users and 0 manual ones');
    expect(text).toContain(`users.csv of ${facts.deliveries[0]?.deliveryId} (3 rows)`);
    expect((await ask('student\u0000')).answer).toContain('unknown');
  });

  test('only made by hand', async () => {
    await send(PLAIN);
    const portal = { portal: world.portal, clock: world.clock, ids: world.ports.ids };
    await createManualRecord(portal, DISTRICT, 'user', { username: 'guest', email: 'guest@example.org' });
    for (const asked of ['guest', 'GUEST@example.org']) expect((await ask(asked)).answer).toEqual(['manual']);
  });

  test('a district that has sent nothing', async () => {
    expect((await ask('student')).answer).toEqual(['unknown', 'no-delivery']);
  });
});

describe('several', () => {
  const doubled = (cells: Record<string, string>): SmallDelivery => edited(PLAIN, 'user', 'parent', cells);

  test('two active users of one username: nobody is chosen', async () => {
    await send(doubled({ username: 'student.name' }));
    const { facts, answer } = await ask('student.name');
    expect(answer).toEqual(['ambiguous']);
    expect(facts.user).toBeNull();
    expect(facts.others.map(({ sourcedId, status, role }) => [sourcedId, status, role]).sort()).toEqual([
      ['parent', 'active', 'parent'],
      ['student', 'active', 'student'],
    ]);
  });

  test('the only active one is explained, the other one named', async () => {
    await send(doubled({ username: 'student.name' }));
    await send(doubled({ username: 'student.name', status: 'tobedeleted' }));
    const { facts, answer } = await ask('student.name');
    expect(answer.slice(0, 2)).toEqual(['active', 'in-delivery']);
    expect(answer).toContain('ambiguous');
    expect([facts.user?.sourcedId, facts.others]).toEqual([
      'student',
      [{ sourcedId: 'parent', matchedBy: 'username', status: 'inactive', role: 'parent' }],
    ]);
  });

  test('an exact sourcedId wins over a username', async () => {
    await send(doubled({ username: 'student' }));
    const { facts, answer } = await ask('student');
    expect(answer).toContain('ambiguous');
    expect([facts.user?.sourcedId, facts.others.map(({ sourcedId }) => sourcedId)]).toEqual(['student', ['parent']]);
  });

  test('re-keyed: the new id is explained (R12)', async () => {
    await send(PLAIN);
    await send(rekeyed(PLAIN));
    const old = world.store.synced(DISTRICT, 'user').get('student')!;
    old.movedTo = '900';
    for (const asked of ['student', 'student.name']) {
      const { facts, answer, text } = await ask(asked);
      expect(answer).toEqual(['moved', 'active', 'in-delivery', 'row-remark', 'rekey-pair']);
      expect(facts.user).toMatchObject({ sourcedId: '900', movedFrom: ['student'] });
      expect(facts.others).toEqual([]);
      expect(text).toContain('student → 900');
    }
  });
});

describe('what became of the delivery', () => {
  test('held: what the plan would do, to the new and the old id', async () => {
    const { limits } = districtSettingsSchema.parse({ districtId: DISTRICT, name: 'Maple', limits: { rekeyPairs: 0 } });
    world = await FlowWorld.open({ limits });
    await send(PLAIN);
    expect(await send(rekeyed(PLAIN))).toBe('held');
    const old = await ask('student');
    expect(old.answer).toEqual(
      expect.arrayContaining(['active', 'not-in-delivery', 'filtered', 'rekey-pair', 'held', 'in-delivery']),
    );
    const [sync] = await world.syncs();
    const holds = expect.arrayContaining([expect.objectContaining({ code: 'rekey' })]);
    expect(old.facts.held).toMatchObject([{ syncId: sync!.syncId, op: 'deactivate', holds }]);
    expect(old.facts.deliveries.map(({ which, state }) => [which, state])).toEqual([
      ['last', 'held'],
      ['last-applied', 'applied'],
    ]);
    const now = await ask('900');
    expect(now.answer).toEqual(expect.arrayContaining(['not-in-roster', 'in-delivery', 'held']));
    expect(now.facts.held).toMatchObject([{ op: 'add', enrollments: { add: 0, change: 1, remove: 0 } }]);
    const both = await ask('student.name');
    expect(both.facts.user?.sourcedId).toBe('student');
    expect(both.facts.others).toEqual([{ sourcedId: '900', matchedBy: 'username', status: null, role: 'student' }]);
  });

  test('rejected: nothing changed, and the last applied one has them', async () => {
    await send(PLAIN);
    const files = filesOf(without(PLAIN, 'user', 'student'));
    files['enrollments.csv'] = 'sourcedId,status\nseat,\n';
    expect(await send(await zipOf(files))).toBe('rejected');
    const { facts, answer, text } = await ask('student');
    expect(answer).toEqual([
      'active',
      'not-in-delivery',
      'filtered',
      'delivery-rejected',
      'other-row-invalid',
      'in-delivery',
    ]);
    expect(facts.deliveries[0]?.fileErrors).toEqual(['column-missing']);
    expect(text).toContain('column-missing');
  });

  test('a broken zip is told, not thrown', async () => {
    await send(PLAIN);
    await send((await asZip(PLAIN)).subarray(0, 900));
    const { answer } = await ask('student');
    expect(answer).toEqual(['active', 'delivery-unreadable', 'delivery-incomplete', 'in-delivery']);
  });

  test('a delta that waits for what was not taken says for what (R15)', async () => {
    await send(PLAIN);
    await send((await asZip(PLAIN)).subarray(0, 900));
    const [broken] = await world.deliveries();
    await send(deltaOf(PLAIN));
    const { answer, text, facts } = await ask('student');
    expect(answer).toEqual(['active', 'in-delivery', 'delivery-blocked']);
    expect(facts.deliveries[0]).toMatchObject({ state: 'received', blockedBy: [{ deliveryId: broken?.deliveryId }] });
    expect(text).toContain(`(${broken?.deliveryId}) never became whole; send a full export.`);
  });

  test('a delta that does not name them says nothing (R4)', async () => {
    await send(PLAIN);
    await send(deltaOf(without(PLAIN, 'user', 'student')));
    expect((await ask('student')).answer).toEqual(['active', 'not-in-delta']);
  });

  test('an export without users.csv says nothing (R6)', async () => {
    await send(PLAIN);
    await send(inMode(PLAIN, 'absent', 'user'));
    const { answer, text } = await ask('student');
    expect(answer).toEqual(['active', 'no-users-file']);
    expect(text).toContain('enrollments.csv row 2');
  });

  test('rows without a sourcedId keep everybody: one of them may be theirs (R5)', async () => {
    await send(PLAIN);
    const damaged = edited(without(PLAIN, 'user', 'student'), 'user', 'teacher', { givenName: 'Bea' });
    const rows = damaged.user.rows.map((row) =>
      row.id === 'parent' ? { ...row, defect: 'id-missing' as const } : row,
    );
    await send({ ...damaged, user: { ...damaged.user, rows } });
    const { facts, answer } = await ask('student');
    expect(answer).toEqual(['active', 'not-in-delivery', 'unreadable-rows', 'filtered', 'removal-withheld']);
    expect(facts.deliveries[0]).toMatchObject({ unreadableRows: 1, removalsLeftOut: 'rows' });
    // Usual since then, and no row of an export without users.csv.
    await send(inMode(PLAIN, 'absent', 'user'));
    expect((await ask('student')).facts.deliveries[0]).toMatchObject({ unreadableRows: 0 });
  });

  test('dry runs are no deliveries, and one that still arrives is only named', async () => {
    await send(PLAIN);
    await send(without(PLAIN, 'user', 'student'), 'test/export.zip');
    world.clock.advanceSeconds(3600);
    const [object] = await world.send({ 'users.csv': filesOf(PLAIN)['users.csv']! });
    world.clock.advanceSeconds(QUIET_SECONDS);
    await world.claim(object!);
    const { facts, answer } = await ask('student');
    expect(answer).toEqual(['active', 'in-delivery', 'delivery-arriving']);
    expect(facts.deliveries).toHaveLength(1);
  });

  test('files that are no longer kept', async () => {
    await send(PLAIN);
    const { reader } = world.ports;
    const gone = { ...reader, open: () => Promise.reject(new ObjectMissing('gone')) };
    const settings = { districtId: DISTRICT, maxRowBytes: 262_144 };
    const facts = await gatherUserFacts({ ...explainPorts(), reader: gone }, settings, 'student');
    expect(explainUser(facts).answer).toEqual(['active', 'delivery-expired']);
  });
});

test('nothing is written', async () => {
  await send(PLAIN);
  const before = JSON.stringify([world.objects.archivedKeys(), await world.syncs(), world.writes.length]);
  await ask('student');
  expect(JSON.stringify([world.objects.archivedKeys(), await world.syncs(), world.writes.length])).toBe(before);
  expect(await world.log.state('oak-hill')).toEqual(NEW_DISTRICT_STATE);
});
