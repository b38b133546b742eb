import type { DistrictSettings } from '../../core/district/settings.ts';
import { idOfLine, valueAt } from '../../core/oneroster/record-line.ts';
import { storedColumnsOf } from '../../core/oneroster/tables.ts';
import type { StoredRecord } from '../../core/plan/change.ts';
import type { RosterUser } from '../../core/sso/decide-sign-on.ts';
import { DoubledUsernames } from '../../core/sso/doubled-usernames.ts';
import { Preflight, type PreflightResult } from '../../core/sso/preflight.ts';
import type { RosterTable } from '../../ports/roster-table.ts';
import { type ReadinessPorts, readReadiness } from './district-readiness.ts';
import type { SsoPorts } from './sso-ports.ts';

/** What a preflight reads. Nothing is written. */
export type PreflightPorts = ReadinessPorts & {
  readonly table: Pick<RosterTable, 'readSynced'>;
  readonly roster: Pick<SsoPorts['roster'], 'bySourcedId'>;
};

/** The rehearsal with the names of the schools, as far as the roster has them. */
export interface PreflightReport extends PreflightResult {
  readonly schoolNames: ReadonlyMap<string, string>;
}

export interface PreflightOptions {
  /** How many users are listed at most. */
  readonly limit: number;
  /** Told now and then how many users were read. */
  readonly onRead?: (users: number) => void;
}

/** Single reads that are on their way at once. */
const READS_AT_ONCE = 25;

/**
 * Rehearses the launches of everybody active in a district's roster (issue 5). Streams the users twice: what usernames
 * several of them have is known only after the first time.
 */
export async function runPreflight(
  ports: PreflightPorts,
  settings: DistrictSettings,
  { limit, onRead = () => {} }: PreflightOptions,
): Promise<PreflightReport> {
  const { districtId } = settings;
  const doubled = new DoubledUsernames();
  let read = 0;
  for await (const batch of ports.table.readSynced(districtId, 'user')) {
    for (const { status, line } of batch) if (status === 'active') doubled.add(cellOf(line, 'username'));
    read += batch.length;
    onRead(read);
  }
  const preflight = new Preflight(await readReadiness(ports, settings), doubled, limit);
  read = 0;
  for await (const batch of ports.table.readSynced(districtId, 'user')) {
    await judgeAll(ports, districtId, preflight, batch);
    read += batch.length;
    onRead(read);
  }
  return { ...preflight.result(), schoolNames: await readSchoolNames(ports, districtId) };
}

async function judgeAll(
  { roster }: PreflightPorts,
  districtId: string,
  preflight: Preflight,
  batch: readonly StoredRecord[],
): Promise<void> {
  for (const record of batch) if (record.sound) preflight.judge(userOf(record));
  // A record that somebody damaged: a launch may read it otherwise than a sync does, so it is read as a launch reads it.
  const damaged = batch.filter(({ sound, status }) => !sound && status === 'active').map(userOf);
  for (let at = 0; at < damaged.length; at += READS_AT_ONCE) {
    const some = damaged.slice(at, at + READS_AT_ONCE);
    const seen = await Promise.all(some.map(({ sourcedId }) => roster.bySourcedId(districtId, sourcedId)));
    some.forEach((user, index) => {
      preflight.judge(user, seen[index] ?? null);
    });
  }
}

const COLUMNS = storedColumnsOf('user').map(({ name }) => name);
const cellOf = (line: string, column: string): string => valueAt(line, COLUMNS.indexOf(column));

function userOf({ line, productId, status, movedTo }: StoredRecord): RosterUser {
  const cell = (column: string) => cellOf(line, column);
  const schools = cell('orgSourcedIds');
  return {
    sourcedId: idOfLine(line),
    ...{ productId, status, movedTo: movedTo ?? null },
    enabled: cell('enabledUser') !== 'false',
    role: cell('role'),
    username: cell('username'),
    identifier: cell('identifier'),
    givenName: '',
    familyName: '',
    schools: schools === '' ? [] : schools.split(','),
  };
}

async function readSchoolNames({ table }: PreflightPorts, districtId: string): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  const name = storedColumnsOf('org').findIndex((column) => column.name === 'name');
  for await (const batch of table.readSynced(districtId, 'org'))
    for (const { line } of batch) names.set(idOfLine(line), valueAt(line, name));
  return names;
}
