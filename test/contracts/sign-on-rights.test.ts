import { anchorKey, tenantKey } from '../../lib/contracts/sign-on-keys.ts';
import {
  type LeadingKeys,
  SIGN_ON_DISTRICT_READS,
  SIGN_ON_QUERIES,
  SIGN_ON_READS,
  SIGN_ON_UPDATES,
} from '../../lib/contracts/sign-on-rights.ts';
import {
  claimsPartition,
  commandsPartition,
  DISTRICTS_PARTITION,
  deliveriesPartition,
  districtPartition,
  fenceKey,
  manualPartition,
  schoolPartition,
  syncedPartition,
  syncsPartition,
  userIndex,
} from '../../lib/contracts/table-keys.ts';
import { Browser, callToken, refresh } from '../flows/sso/browser.ts';
import { personOf, SignOnWorld } from '../flows/sso/sign-on-world.ts';
import { covers } from '../support/leading-keys.ts';

const READS = [SIGN_ON_READS, SIGN_ON_DISTRICT_READS];
const RIGHTS: Readonly<Record<string, readonly LeadingKeys[]>> = {
  GetItemCommand: READS,
  QueryCommand: [SIGN_ON_QUERIES],
  UpdateItemCommand: [SIGN_ON_UPDATES],
};

interface SentInput {
  readonly Key?: { readonly pk?: { readonly S?: string } };
  readonly IndexName?: string;
  readonly ExpressionAttributeValues?: Readonly<Record<string, { readonly S?: string }>>;
}

describe('the rights of the sign-on on the table', () => {
  const world = new SignOnWorld();
  beforeAll(() => world.open(), 60_000);
  afterAll(() => world.close());

  test('are enough for every call of launches, refusals, refreshes and logouts', async () => {
    const district = await world.district({ usernameFallback: true });
    await world.user(district.districtId, { sourcedId: 'maria' });
    await world.user(district.districtId, { sourcedId: 'new-id', username: 'liam' });
    const calls = new Map<string, boolean>();
    world.client.middlewareStack.add(
      (next, context) => (args) => {
        const { commandName = '' } = context as { commandName?: string };
        const { Key, IndexName, ExpressionAttributeValues } = args.input as SentInput;
        const partition = Key?.pk?.S ?? ExpressionAttributeValues?.[':pk']?.S ?? '';
        const kind = partition
          .replace(/district-[\d-]+/, 'd')
          .replace(/^([A-Z]+)#.*$/, '$1')
          .replace(/#\d+$/, '');
        const allowed = (RIGHTS[commandName] ?? []).some((keys) => covers(keys, partition));
        calls.set(`${commandName} ${IndexName ?? ''} ${kind}`, allowed && (IndexName ?? 'gsi1') === 'gsi1');
        return next(args);
      },
      { step: 'initialize' },
    );
    const browser = new Browser(world);
    const tokens = await browser.signIn(personOf(district, 'maria'));
    expect((await refresh(world, tokens.refresh_token)).status).toBe(200);
    await browser.get(await browser.clickTile(personOf(district, 'nobody')));
    await browser.signIn(personOf(district, 'old-id', { LoginId: 'liam' }));
    await callToken(world, { token: tokens.refresh_token ?? '' }, 'product', '/revoke');
    await browser.get('/logout');
    const { id_token: hint = '' } = await browser.signIn(personOf(district, 'maria'));
    await browser.get(`/logout?id_token_hint=${hint}`);
    await browser.get('/authorize?client_id=product');
    expect([...calls].filter(([, allowed]) => !allowed)).toEqual([]);
    // What is asked for at least: else nothing was looked at.
    expect([...calls.keys()]).toEqual(
      expect.arrayContaining(['GetItemCommand  TENANT', 'UpdateItemCommand  SESSION', 'GetItemCommand  REFRESH']),
    );
    expect(calls.size).toBeGreaterThan(12);
  });
});

describe('the sign-on may not read', () => {
  test.each([
    ['manual users', manualPartition('d', 'user')],
    ['enrollments', syncedPartition('d', 'enrollment', 3)],
    ['demographics', syncedPartition('d', 'demographics', 0)],
    ['who is in a school', schoolPartition('d', 'org-1')],
    ['deliveries', deliveriesPartition('d')],
    ['claims', claimsPartition('d')],
    ['commands', commandsPartition('d')],
    ['syncs', syncsPartition('d')],
    ['fences', fenceKey('d', 0).pk],
    ['the list of districts', DISTRICTS_PARTITION],
    ['SFTP accounts', 'SFTP#d'],
  ])('%s', (_, partition) => {
    expect(READS.some((keys) => covers(keys, partition))).toBe(false);
  });

  test('the classes of a user by an index', () => {
    expect(covers(SIGN_ON_QUERIES, userIndex('d', 'u'))).toBe(false);
  });
});

describe('the sign-on may not write', () => {
  test.each([
    ['users', syncedPartition('d', 'user', 15)],
    ['settings and state', districtPartition('d')],
    ['which district a tenant is', tenantKey(1).pk],
  ])('%s, which it reads', (_, partition) => {
    expect(READS.some((keys) => covers(keys, partition))).toBe(true);
    expect(covers(SIGN_ON_UPDATES, partition)).toBe(false);
  });

  test('but anchors it may', () => {
    expect(covers(SIGN_ON_UPDATES, anchorKey('d', '7').pk)).toBe(true);
  });
});
