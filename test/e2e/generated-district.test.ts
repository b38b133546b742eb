import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUp, rollcall, type SyncLine, temporaryFolder } from './rollcall-process.ts';
import { countsOf, differences, expectedRoster, rosterOf } from './roster-files.ts';
import { showSync } from './shown-sync.ts';
import { unzip } from './unzip.ts';

/** The size that the issue names: about 200,000 records. */
const STUDENTS = 20_000;
/** Two syncs of that size, generated, applied, read back. */
const LIMIT = 900_000;

afterAll(cleanUp);

test(
  'a district of 20,000 students: day 2 changes what it should, and the roster is the export row for row',
  async () => {
    const folder = temporaryFolder();
    const data = join(folder, 'data');
    const shape = ['--students', String(STUDENTS), '--seed', 'e2e', '--days', '2', '--churn', '0.01'];
    expect((await rollcall(['generate', folder, ...shape, '--zip', '--json'])).code).toBe(0);
    const [day1, day2] = [join(folder, 'day-1.zip'), join(folder, 'day-2.zip')];

    const { code, json } = await rollcall(['local', '--once', '--json', '--data', data, '--export', day1, day2]);
    const syncs = json.slice(1).map((line) => line['sync'] as SyncLine);
    expect(syncs.map(({ state }) => state)).toEqual(['applied', 'applied']);
    expect(code).toBe(0);
    expect(syncs.map(({ changes }) => changes)).toEqual([changesOf(folder, 1), changesOf(folder, 2)]);
    const { recordsWritten } = await showSync(data, syncs[1]?.id ?? null);
    expect(recordsWritten).toBe(changedRecords(changesOf(folder, 2)));

    const expected = expectedRoster(await unzip(day2, join(folder, 'day-2')));
    const roster = await rosterOf('maple-unified', data, join(folder, 'roster'));
    expect(countsOf(roster)).toEqual(countsOf(expected));
    expect(countsOf(roster).enrollment).toBeGreaterThan(150_000);
    expect(differences(expected, roster)).toEqual([]);
  },
  LIMIT,
);

type Changes = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What the generator says that a day changes. Demographics are empty unless asked for. */
function changesOf(folder: string, day: number): Changes {
  return (JSON.parse(readFileSync(join(folder, `day-${day}.changes.json`), 'utf8')) as { changes: Changes }).changes;
}

const changedRecords = (changes: Changes): number =>
  Object.values(changes)
    .flatMap(({ add = 0, update = 0, deactivate = 0, reactivate = 0 }) => [add, update, deactivate, reactivate])
    .reduce((sum, count) => sum + count, 0);
