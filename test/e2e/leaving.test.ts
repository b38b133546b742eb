import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AttributeValue, paginateScan } from '@aws-sdk/client-dynamodb';
import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { LOCAL } from '../../lib/local/names.ts';
import { openClients } from '../../lib/local/stack.ts';
import { sftp } from './openssh.ts';
import {
  cleanUp,
  type Ended,
  type RunningStack,
  rollcall,
  startLocal,
  temporaryFolder,
  until,
} from './rollcall-process.ts';

const folder = temporaryFolder();
const data = join(folder, 'data');
const zip = join(folder, 'day-1.zip');
const GONE = 'maple-unified';
const STAYS = 'maple-unified-2';
let stack: RunningStack;
let clients: ReturnType<typeof openClients>;

const district = (...args: readonly string[]): Promise<Ended> =>
  rollcall(['district', ...args, '--local', '--data', data, '--json']);
const offboard = (...args: readonly string[]) => district('offboard', ...args);

beforeAll(async () => {
  await rollcall(['generate', folder, '--students', '40', '--seed', '7', '--zip']);
  stack = await startLocal(['--data', data, '--quiet-seconds', '1', '--export', zip]);
  expect(await stack.nextSync()).toMatchObject({ state: 'applied' });
  clients = openClients(stack.ready.endpoints);
  const added = await district('add', STAYS, '--name', 'Stays', '--first-sync', 'apply', '--set', 'quietSeconds=1');
  const { password = '' } = (added.json[0]?.['sftp'] ?? {}) as { password?: string };
  await sftp({ ...stack.ready.sftp, username: STAYS, password }, [`put ${zip} /day-1.zip`]);
  await until('the other district has its roster', async () => {
    const { json } = await rollcall(['syncs', STAYS, '--local', '--data', data, '--json']);
    const syncs = (json[0]?.['syncs'] ?? []) as readonly { state: string }[];
    return syncs[0]?.state === 'applied';
  });
});
afterAll(async () => {
  for (const client of Object.values(clients)) client.destroy();
  await cleanUp();
});

async function allRows(): Promise<readonly Record<string, AttributeValue>[]> {
  const pages = paginateScan({ client: clients.dynamodb }, { TableName: LOCAL.table, ConsistentRead: true });
  const rows: Record<string, AttributeValue>[] = [];
  for await (const { Items = [] } of pages) rows.push(...Items);
  return rows;
}

/** Every row and every version that names one district and not the other, a key each; `watch` comes when it likes. */
async function leftOf(districtId: string, other: string): Promise<readonly string[]> {
  const Items = await allRows();
  const rows = Items.filter((row) => JSON.stringify(row).replaceAll(other, '').includes(districtId));
  const keys = rows.map(({ pk, sk }) => `${pk?.S} ${sk?.S}`);
  for (const Bucket of [LOCAL.landingBucket, LOCAL.archiveBucket]) {
    const { Versions = [], DeleteMarkers = [] } = await clients.s3.send(new ListObjectVersionsCommand({ Bucket }));
    keys.push(
      ...[...Versions, ...DeleteMarkers].map(({ Key = '' }) => Key).filter((key) => key.includes(`/${districtId}/`)),
    );
  }
  return keys.filter((key) => !key.endsWith(' WATCH')).toSorted();
}

test('without --yes-delete it only counts; a slip of the hand deletes nothing', async () => {
  const before = await leftOf(GONE, STAYS);
  expect(await offboard(GONE)).toMatchObject({
    code: 0,
    json: [{ district: GONE, dryRun: true, rows: { org: 2, sync: 1 }, objects: { deliveries: 1 }, manualRecords: {} }],
  });
  expect(await offboard(GONE, '--yes-delete', 'maple')).toMatchObject({
    code: 2,
    json: [{ error: { code: 'not-confirmed' } }],
  });
  expect(await offboard(GONE, '--out', join(folder, 'no.md'))).toMatchObject({
    json: [{ error: { code: 'no-certificate' } }],
  });
  expect(await offboard('nowhere', '--yes-delete', 'nowhere')).toMatchObject({
    json: [{ error: { code: 'unknown-district' } }],
  });
  expect(await leftOf(GONE, STAYS)).toEqual(before);
  expect(existsSync(join(folder, 'no.md'))).toBe(false);
});

test('R22: the district is gone from table and buckets, and the certificate says what was and what remains', async () => {
  const other = await leftOf(STAYS, 'nothing');
  const out = join(folder, 'certificate.json');
  const { code, json } = await offboard(GONE, '--yes-delete', GONE, '--out', out);
  expect([code, json]).toMatchObject([0, [{ district: GONE, deleted: true, out }]]);
  const certificate = JSON.parse(readFileSync(out, 'utf8')) as Record<string, unknown>;
  expect(json[0]?.['certificate']).toEqual(certificate);
  expect(certificate).toMatchObject({
    district: { id: GONE },
    deleted: { rows: { org: 2 }, objects: { deliveries: 1 } },
  });
  const fences = [0, 1, 2, 3].map((lane) => `D#${GONE}#FENCE#${lane} FENCE`);
  expect(await leftOf(GONE, STAYS)).toEqual([`D#${GONE} LEASE`, `D#${GONE} TOMBSTONE`, ...fences]);
  expect(await leftOf(STAYS, 'nothing')).toEqual(other);
});

test('nobody gets in any more, the id is not given again, and the certificate can be had again', async () => {
  expect(await sftp(stack.ready.sftp, ['ls'])).toMatchObject({ code: 255 });
  const list = (await district('list')).json[0]?.['districts'] as readonly { districtId: string }[];
  expect(list.map(({ districtId }) => districtId)).toEqual([STAYS]);
  expect(await district('add', GONE, '--name', 'Again')).toMatchObject({
    json: [{ error: { code: 'district-has-left' } }],
  });
  const page = join(folder, 'certificate.md');
  expect(await offboard(GONE, '--out', page)).toMatchObject({ code: 0 });
  expect(readFileSync(page, 'utf8')).toContain('# Certificate of deletion: Maple Unified School District');
  const html = join(folder, 'certificate.html');
  await offboard(GONE, '--yes-delete', GONE, '--out', html);
  expect(readFileSync(html, 'utf8')).toContain('<h2>What remains, and until when</h2>');
});

test('the stack starts without its sample district; one that stands still deletes nothing', async () => {
  expect((await stack.interrupt()).code).toBe(0);
  expect(await offboard(STAYS)).toMatchObject({ code: 0, json: [{ dryRun: true }] });
  expect(await offboard(STAYS, '--yes-delete', STAYS)).toMatchObject({
    code: 2,
    json: [{ error: { code: 'not-running' } }],
  });
  expect((await district('show', STAYS)).json).toMatchObject([{ suspended: false }]);
  stack = await startLocal(['--data', data]);
  expect((await district('show', GONE)).code).toBe(2);
  expect((await stack.interrupt()).code).toBe(0);
});
