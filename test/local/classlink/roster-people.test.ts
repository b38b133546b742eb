import { createTableClient } from '../../../lib/adapters/dynamodb/table-client.ts';
import { createRosterPeople } from '../../../lib/local/classlink/roster-people.ts';
import { TABLE } from '../../adapters/dynamodb-world.ts';
import { SignOnWorld, type SomeDistrict, type UserFields } from '../../flows/sso/sign-on-world.ts';

const world = new SignOnWorld();
let district: SomeDistrict;
beforeAll(() => world.open(), 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  district = await world.district();
});

const users = (...all: readonly UserFields[]) =>
  Promise.all(all.map((fields) => world.user(district.districtId, fields)));
const find = (user: string) => createRosterPeople(createTableClient(world.client, TABLE)).find(district.tenantId, user);

const MOVED = { sourcedId: 'before', status: 'inactive', movedTo: 'today' } as const;

test.each<[string, string, readonly UserFields[]]>([
  [
    'the username',
    'maria',
    [
      { sourcedId: 'today', username: 'maria' },
      { ...MOVED, username: 'maria' },
    ],
  ],
  [
    'the sourcedId of today',
    'today',
    [
      { sourcedId: 'today', username: 'maria' },
      { ...MOVED, username: 'maria' },
    ],
  ],
  [
    'the sourcedId of before',
    'before',
    [
      { sourcedId: 'today', username: 'maria' },
      { ...MOVED, username: 'maria' },
    ],
  ],
  [
    'today, another username before',
    'today',
    [
      { sourcedId: 'today', username: 'maria' },
      { ...MOVED, username: 'm.g' },
    ],
  ],
  [
    'before, another username before',
    'before',
    [
      { sourcedId: 'today', username: 'maria' },
      { ...MOVED, username: 'm.g' },
    ],
  ],
  [
    'today, no username at all',
    'today',
    [
      { sourcedId: 'today', username: '' },
      { ...MOVED, username: '' },
    ],
  ],
  [
    'today, beside somebody else who once had the username',
    'today',
    [
      { sourcedId: 'today', username: 'maria' },
      { sourcedId: 'aaa', status: 'inactive', username: 'maria' },
      { ...MOVED, username: 'm.g' },
    ],
  ],
])('one and the same person is found by %s, and what they were called before', async (_name, user, rows) => {
  await users(...rows);
  expect(await find(user)).toMatchObject({ sourcedId: 'today', oldSourcedId: 'before' });
});

test.each<[string, readonly UserFields[], string]>([
  ['nobody moved', [{ sourcedId: 'today' }], 'old-today'],
  [
    'an inactive row has the username',
    [
      { sourcedId: 'today', username: 'x' },
      { sourcedId: 'left', username: 'x', status: 'inactive' },
    ],
    'left',
  ],
])('without a move: %s', async (_name, rows, oldSourcedId) => {
  await users(...rows);
  expect(await find('today')).toMatchObject({ sourcedId: 'today', oldSourcedId });
});

test('who has left and moved nowhere is still known to ClassLink', async () => {
  await users({ sourcedId: 'left', status: 'inactive' });
  expect(await find('left')).toMatchObject({ sourcedId: 'left', oldSourcedId: 'old-left' });
});
