import type { Session } from '../../../lib/core/sso/session.ts';
import { active, change, inactive, STAMP, userLine } from './changes.ts';
import { newDistrict, type TableWorld } from './world.ts';

const LANE = { lane: 0, number: 1 };

let sessions = 0;
const newSession = (districtId: string): Session => ({
  sessionId: `session-${process.pid}-${++sessions}`,
  launchId: 'launch',
  districtId,
  tenantId: 2284,
  clientId: 'product',
  sourcedId: 'u1',
  productId: 'p1',
  role: 'student',
  schools: ['s1'],
  browserHash: 'hash',
  createdAt: 1_800_000_000,
  seenAt: 1_800_000_000,
  expiresAt: 1_800_043_200,
  idleSeconds: 3600,
  endedBy: null,
  replacedBy: null,
});

/** What the sign-on reads of the roster, and its sessions. */
export function signOnConformance(name: string, open: () => TableWorld): void {
  let world: TableWorld;
  let district: string;
  beforeEach(async () => {
    world = open();
    district = newDistrict();
    await world.roster.raiseFences(district, 1);
  });

  describe(`${name}: the roster as the sign-on reads it`, () => {
    const write = (...changes: Parameters<TableWorld['roster']['writeChanges']>[2]) =>
      world.roster.writeChanges(district, LANE, changes, STAMP);
    const read = (sourcedId: string) => world.signOn.roster.bySourcedId(district, sourcedId);
    const maria = userLine('u1', 's1,s2', { identifier: '77' });
    beforeEach(async () => void (await write(change('user', 'p1', null, active(maria)))));

    test('a user with everything that the decision looks at', async () => {
      const user = {
        sourcedId: 'u1',
        productId: 'p1',
        status: 'active',
        enabled: true,
        role: 'student',
        username: 'name-u1',
        identifier: '77',
        givenName: 'Maria',
        familyName: 'Gómez',
        schools: ['s1', 's2'],
        movedTo: null,
      };
      expect(await read('u1')).toEqual(user);
      expect(await world.signOn.roster.byUsername(district, 'name-u1')).toEqual([user]);
    });

    test('nobody by another case, by blank, or in another district (R3, R20)', async () => {
      for (const other of ['U1', 'u1 ', '']) expect(await read(other)).toBeNull();
      for (const other of ['NAME-U1', '']) expect(await world.signOn.roster.byUsername(district, other)).toEqual([]);
      expect(await world.signOn.roster.bySourcedId(newDistrict(), 'u1')).toBeNull();
    });

    test('a removal counts at once', async () => {
      await write(change('user', 'p1', active(maria), inactive(maria)));
      expect(await read('u1')).toMatchObject({ status: 'inactive' });
      expect(await world.signOn.roster.byUsername(district, 'name-u1')).toMatchObject([{ status: 'inactive' }]);
    });

    test.each<[string, unknown, boolean]>([
      ['blank', undefined, true],
      ['false', false, false],
      ['text', 'true', false],
      ['a number', 1, false],
    ])('enabledUser %s opens the door only where it may', async (_name, value, enabled) => {
      await world.setAttribute(district, 'user', 'u1', 'enabledUser', value);
      expect(await read('u1')).toMatchObject({ enabled });
    });

    test('a status that is none is not active; a record of another source is nobody', async () => {
      await world.setAttribute(district, 'user', 'u1', 'status', 'ACTIVE');
      expect(await read('u1')).toMatchObject({ status: 'inactive' });
      await world.setAttribute(district, 'user', 'u1', 'source', 'manual');
      expect(await read('u1')).toBeNull();
    });
  });

  describe(`${name}: sessions`, () => {
    test('are what was written, until they end for good', async () => {
      const { sessions: store } = world.signOn;
      const session = newSession(district);
      expect(await store.get(session.sessionId)).toBeNull();
      await store.create(session);
      const later = { ...session, sourcedId: 'u2', role: 'teacher', schools: ['s3'], seenAt: 1_800_000_600 };
      expect(await store.refresh(later)).toBe(true);
      expect(await store.get(session.sessionId)).toEqual(later);
      await store.end(session.sessionId, 'logout');
      await store.end(session.sessionId, 'replaced', 'another');
      expect(await store.refresh({ ...later, role: 'student' })).toBe(false);
      expect(await store.get(session.sessionId)).toEqual({ ...later, endedBy: 'logout' });
    });

    test('say which session took their place', async () => {
      const { sessions: store } = world.signOn;
      const session = newSession(district);
      await store.create(session);
      await store.end(session.sessionId, 'replaced', 'later');
      await store.end(session.sessionId, 'replaced', 'latest');
      expect(await store.get(session.sessionId)).toEqual({ ...session, endedBy: 'replaced', replacedBy: 'later' });
    });

    test('one that never was is not made by a refresh or an end', async () => {
      const { sessions: store } = world.signOn;
      const session = newSession(district);
      expect(await store.refresh(session)).toBe(false);
      await store.end(session.sessionId, 'logout');
      expect(await store.get(session.sessionId)).toBeNull();
    });
  });
}
