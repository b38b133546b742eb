import { UserRoles } from '../../../lib/core/plan/user-roles.ts';

const orgId = (i: number): string => `3f2504e0-4f89-11d3-9a0c-${String(i).padStart(12, '0')}`;

test.each([1, 2, 26, 27, 28, 29, 500])('R9: a user with roles at %i orgs is at all of them, in one order', (count) => {
  const ids = Array.from({ length: count }, (_, i) => orgId((i * 7919) % 10_007));
  const roles = new UserRoles(true);
  for (const org of [...ids, ...ids]) {
    roles.add({ userSourcedId: 'admin', primary: true, role: 'siteAdministrator', orgSourcedId: org });
  }
  expect(roles.cell('admin', 'orgSourcedIds')).toBe(ids.toSorted().join(','));
  expect(roles.cell('admin', 'role')).toBe('administrator');
});

test('R9: a role at each of 5,000 orgs takes no square of them', () => {
  const roles = new UserRoles(true);
  const started = performance.now();
  for (let i = 0; i < 5000; i++) {
    roles.add({ userSourcedId: 'admin', primary: i === 0, role: 'siteAdministrator', orgSourcedId: orgId(i) });
  }
  expect(roles.cell('admin', 'orgSourcedIds')?.split(',')).toHaveLength(5000);
  // About 15 ms; joined anew for each row it took 9 seconds and half a gigabyte.
  expect(performance.now() - started).toBeLessThan(2000);
});
