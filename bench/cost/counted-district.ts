import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { createDistricts } from '../../lib/adapters/dynamodb/districts.ts';
import { createSyncLog } from '../../lib/adapters/dynamodb/sync-log.ts';
import { createTableClient } from '../../lib/adapters/dynamodb/table-client.ts';
import { districtSettingsSchema } from '../../lib/core/district/settings.ts';
import { ENDED_STATES } from '../../lib/core/sync/states.ts';
import { type Day, generateDistrict } from '../../lib/generate/generate-district.ts';
import { writeExport } from '../../lib/generate/write-export.ts';
import { LOCAL } from '../../lib/local/names.ts';
import { type CountedStack, startCountedStack, type Worker } from './counted-stack.ts';

/** One night of a district, counted while the deployed functions worked on it. */
export interface CountedNight {
  readonly students: number;
  readonly night: number;
  readonly state: string;
  /** Rows of the export by kind. */
  readonly rows: Readonly<Record<string, number>>;
  /** Records that the sync wrote. */
  readonly written: number;
  readonly zipBytes: number;
  /** By `service operation`. */
  readonly calls: Readonly<Record<string, number>>;
  readonly readUnits: number;
  readonly writeUnits: number;
  /** Time in the handlers, on the machine that counted. */
  readonly seconds: Readonly<Record<Worker, number>>;
}

const DISTRICT = 'counted-district';
const LOOK_EVERY_MILLIS = 200;
/** A busy machine takes its time; one that has stopped is told from it. */
const PATIENCE_MILLIS = 300_000;

/**
 * Generates a district and lets the real handlers sync each of its nights, the first into an empty table. What Lambda
 * does for them (polling queues, deleting messages) and the upload itself are not counted.
 *
 * @throws Error where a night is not applied
 */
export async function countDistrict(students: number, nights: number, seed = 'cost'): Promise<CountedNight[]> {
  const stack = await startCountedStack();
  try {
    const table = createTableClient(stack.clients.dynamodb, LOCAL.table);
    const settings = { districtId: DISTRICT, name: 'Counted', firstSync: 'apply', quietSeconds: 1 };
    await createDistricts(table).save(districtSettingsSchema.parse(settings), 0);
    const counted: CountedNight[] = [];
    for (const day of generateDistrict({ students, seed, days: nights }))
      counted.push(await countNight(stack, day, students));
    return counted;
  } finally {
    await stack.close();
  }
}

async function countNight(stack: CountedStack, day: Day, students: number): Promise<CountedNight> {
  const log = createSyncLog(createTableClient(stack.clients.dynamodb, LOCAL.table));
  const path = join(stack.folder, 'export.zip');
  const rows = Object.fromEntries(day.files.map(({ kind, rowCount }) => [kind, rowCount]));
  await writeExport(day, path, { zip: true });
  const Body = await readFile(path);
  const known = (await log.list(DISTRICT, 100)).length;
  stack.take();
  await stack.clients.s3.send(
    new PutObjectCommand({ Bucket: LOCAL.landingBucket, Key: `home/${DISTRICT}/export.zip`, Body }),
  );
  const until = Date.now() + PATIENCE_MILLIS;
  for (;;) {
    await sleep(LOOK_EVERY_MILLIS);
    const syncs = await log.list(DISTRICT, 100);
    const sync = syncs.length > known ? syncs[0] : undefined;
    if (sync && ENDED_STATES.includes(sync.state) && stack.idle()) {
      const { tally, seconds } = stack.take();
      const { readUnits, writeUnits } = tally;
      const calls = Object.fromEntries([...tally.calls].sort(([a], [b]) => (a < b ? -1 : 1)));
      const { state, recordsWritten: written } = sync;
      return {
        ...{ students, night: day.number, state, rows, written, zipBytes: Body.length },
        ...{ calls, readUnits, writeUnits, seconds },
      };
    }
    if (Date.now() > until)
      throw new Error(`night ${day.number} is ${sync?.state ?? 'not planned'} after all this time`);
  }
}
