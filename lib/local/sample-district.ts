import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDepartures } from '../adapters/dynamodb/departures.ts';
import { createDistricts } from '../adapters/dynamodb/districts.ts';
import { dynamoSftpAccounts } from '../adapters/dynamodb/sftp-accounts.ts';
import { createTableClient } from '../adapters/dynamodb/table-client.ts';
import { scryptPasswords } from '../adapters/passwords/scrypt.ts';
import { districtSettingsSchema } from '../core/district/settings.ts';
import { generateDistrict } from '../generate/generate-district.ts';
import { writeExport } from '../generate/write-export.ts';
import { LOCAL } from './names.ts';
import type { LocalStack } from './stack.ts';

/** The district that the local stack has from the start. Nobody in it is real. */
export const SAMPLE_DISTRICT = 'maple-unified';

/** Students of the sample district: a small real one, done in seconds. */
const SAMPLE_STUDENTS = 2_000;

/** An SFTP login. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** The sample district as a start finds it. */
export interface SampleDistrict {
  /** Refused, where the district has left. */
  readonly login: Login;
  /** Somebody has off-boarded it: it does not come back in this data folder (R22). */
  readonly hasLeft: boolean;
}

/**
 * Makes the sample district with its SFTP login, or finds it as an earlier start left it. Its first sync is applied
 * without waiting for a person; `quietSeconds` is short, because whoever watches does not want to wait three minutes.
 */
export async function ensureSampleDistrict(
  stack: LocalStack,
  dataDir: string,
  quietSeconds: number,
): Promise<SampleDistrict> {
  const table = createTableClient(stack.dynamodb, LOCAL.table);
  if ((await createDepartures(table).find(SAMPLE_DISTRICT)) !== null) {
    return { login: { username: SAMPLE_DISTRICT, password: '' }, hasLeft: true };
  }
  const districts = createDistricts(table);
  const found = await districts.get(SAMPLE_DISTRICT);
  const settings = districtSettingsSchema.parse({
    name: 'Maple Unified School District (sample)',
    classLinkTenantId: 2284,
    firstSync: 'apply',
    ...found?.settings,
    districtId: SAMPLE_DISTRICT,
    quietSeconds,
  });
  if (JSON.stringify(settings) !== JSON.stringify(found?.settings)) await districts.save(settings, found?.version ?? 0);
  return { login: await ensureLogin(stack, dataDir), hasLeft: false };
}

/** The password is kept beside the data, so that the login stays the same over restarts. */
async function ensureLogin(stack: LocalStack, dataDir: string): Promise<Login> {
  const file = join(dataDir, 'sftp-password');
  const kept = await readFile(file, 'utf8').catch(() => null);
  const password = kept ?? scryptPasswords.make();
  const accounts = dynamoSftpAccounts(stack.dynamodb, LOCAL.table);
  const account = await accounts.find(SAMPLE_DISTRICT);
  if (kept === null || account === null) {
    await writeFile(file, password, { mode: 0o600 });
    const passwordHash = await scryptPasswords.hash(password);
    const identity = { districtId: SAMPLE_DISTRICT, username: SAMPLE_DISTRICT };
    await accounts.save({ ...identity, passwordHash, publicKeys: [], allowedCidrs: [] });
  }
  return { username: SAMPLE_DISTRICT, password };
}

/** Writes the sample district's first export and returns its path. Always the same bytes. */
export async function writeSampleExport(dataDir: string): Promise<string> {
  await mkdir(join(dataDir, 'sample'), { recursive: true });
  const path = join(dataDir, 'sample', 'day-1.zip');
  const district = generateDistrict({ students: SAMPLE_STUDENTS, seed: 'maple', days: 1 });
  for (const day of district) await writeExport(day, path, { zip: true });
  return path;
}
