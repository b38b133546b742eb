import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { DescribeTimeToLiveCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { forkDynamoDbServer } from '../../lib/local/dynamodb/fork.ts';
import { startDynamoDbServer } from '../../lib/local/dynamodb/server.ts';
import { clientOf, createDistrictTable, number, sortKeys, text, transact } from './dynamodb-district-table.ts';

jest.setTimeout(30_000);
let dataDir: string;
beforeEach(() => {
  dataDir = join(mkdtempSync(join(tmpdir(), 'rollcall-dynamodb-')), 'data');
});
afterEach(() => rmSync(resolve(dataDir, '..'), { recursive: true, force: true }));

const students = (from: number, size: number) =>
  Array.from({ length: size }, (_, at) => ({
    Put: {
      TableName: 'district',
      Item: { pk: text('p'), sk: text(String(from + at).padStart(6, '0')), school: text('north'), n: number(from) },
    },
  }));

async function answers(endpoint: string): Promise<boolean> {
  return fetch(endpoint).then(
    ({ ok }) => ok,
    () => false,
  );
}

test('items, index rows, tokens and settings are there after a restart', async () => {
  const first = await startDynamoDbServer({ dataDir });
  const client = clientOf(first.endpoint);
  await createDistrictTable(client, 'district');
  const ttl = { Enabled: true, AttributeName: 'endsAt' };
  await client.send(new UpdateTimeToLiveCommand({ TableName: 'district', TimeToLiveSpecification: ttl }));
  await transact(client, students(0, 50), 'token-1');
  client.destroy();
  await first.close();
  expect(await answers(first.endpoint)).toBe(false);

  const second = await startDynamoDbServer({ dataDir });
  const again = clientOf(second.endpoint);
  expect(await sortKeys(again, 'district', ['pk', 'p'])).toHaveLength(50);
  expect(await sortKeys(again, 'district', ['school', 'north'], 'by-school')).toHaveLength(50);
  await expect(transact(again, students(50, 50), 'token-1')).rejects.toMatchObject({
    name: 'IdempotentParameterMismatchException',
  });
  const described = await again.send(new DescribeTimeToLiveCommand({ TableName: 'district' }));
  expect(described.TimeToLiveDescription?.AttributeName).toBe('endsAt');
  again.destroy();
  await second.close();
});

test('a folder has one server: a second one is refused, also from another process', async () => {
  const server = await startDynamoDbServer({ dataDir });
  await expect(startDynamoDbServer({ dataDir })).rejects.toMatchObject({ code: 'data-folder-in-use' });
  await expect(forkDynamoDbServer({ dataDir })).rejects.toMatchObject({ code: 'data-folder-in-use' });
  await server.close();
  const next = await startDynamoDbServer({ dataDir });
  await next.close();
});

test('killed under load: every acknowledged transaction is there whole, no other is there in part', async () => {
  // It may say that it ended by itself before close() is called.
  const log = jest.spyOn(console, 'error').mockImplementation(() => {});
  const server = await forkDynamoDbServer({ dataDir });
  const client = clientOf(server.endpoint);
  await createDistrictTable(client, 'district');
  const acknowledged: number[] = [];
  const worker = async (at: number) => {
    for (let from = at * 20; ; from += 80) {
      await transact(client, students(from, 20));
      acknowledged.push(from);
      if (acknowledged.length === 40) process.kill(server.pid, 'SIGKILL');
    }
  };
  await Promise.allSettled([0, 1, 2, 3].map(worker));
  await server.close();
  log.mockRestore();
  client.destroy();

  const survivor = await startDynamoDbServer({ dataDir });
  const again = clientOf(survivor.endpoint);
  const keys = await sortKeys(again, 'district', ['pk', 'p']);
  expect(await sortKeys(again, 'district', ['school', 'north'], 'by-school')).toEqual(keys);
  const perTransaction = new Map<number, number>();
  for (const key of keys) {
    const from = Math.floor(Number(key) / 20) * 20;
    perTransaction.set(from, (perTransaction.get(from) ?? 0) + 1);
  }
  expect([...perTransaction.values()].filter((size) => size !== 20)).toEqual([]);
  expect(acknowledged.filter((from) => !perTransaction.has(from))).toEqual([]);
  again.destroy();
  await survivor.close();
});

test('a forked server ends with its parent, however that ends', async () => {
  const here = pathToFileURL(resolve('lib/local/dynamodb/fork.ts')).href;
  const program = `
    const { forkDynamoDbServer } = await import(${JSON.stringify(here)});
    console.log((await forkDynamoDbServer({ dataDir: null })).endpoint);
    setInterval(() => {}, 1000);`;
  const tsx = pathToFileURL(createRequire(__filename).resolve('tsx')).href;
  const parent = spawn(process.execPath, ['--import', tsx, '--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [endpoint] = (await once(createInterface(parent.stdout), 'line')) as [string];
  expect(await answers(endpoint)).toBe(true);
  parent.kill('SIGKILL');
  // One refusal is enough: on a busy machine another server may soon listen on the port that became free.
  const patience = Date.now() + 40_000;
  let refused = false;
  while (!refused && Date.now() < patience) {
    refused = await refuses(endpoint);
    if (!refused) await new Promise((done) => setTimeout(done, 50));
  }
  expect(refused).toBe(true);
}, 60_000);

/** Whether nothing listens there: a slow answer is not a refusal. */
async function refuses(endpoint: string): Promise<boolean> {
  return fetch(endpoint, { headers: { connection: 'close' }, signal: AbortSignal.timeout(5_000) }).then(
    () => false,
    (error: Error & { cause?: { code?: string } }) => error.cause?.code === 'ECONNREFUSED',
  );
}
