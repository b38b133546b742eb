import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUp, rollcall, type SyncLine, startLocal, temporaryFolder } from './rollcall-process.ts';
import { countsOf, differences, expectedRoster, rosterOf } from './roster-files.ts';
import { showSync } from './shown-sync.ts';
import { storedRecords } from './stored-records.ts';

const SAMPLE = join(import.meta.dirname, '../../../shared/samples/vossen-adobe__mockroster/OneRoster-original-zip');
const ZIP = join(SAMPLE, 'OneRoster-original.zip');
const FOLDER = join(SAMPLE, 'extracted');
const ROSTER = { org: 4, academicSession: 7, course: 40, class: 72, user: 180, enrollment: 305, demographics: 0 };

const there = existsSync(ZIP);
if (!there) console.warn(`skipped: no samples at ${SAMPLE}`);

afterAll(cleanUp);

(there ? describe : describe.skip)("ClassLink's sandbox export goes through the whole path", () => {
  test('as a zip; sent again nothing is written', async () => {
    const data = temporaryFolder();
    const stack = await startLocal(['--data', data, '--quiet-seconds', '1', '--export', ZIP, ZIP]);
    const { districtId, endpoints } = stack.ready;
    expect(await stack.nextSync()).toMatchObject({ state: 'applied', changes: { users: { add: 180 } } });
    const first = await storedRecords(endpoints.dynamodb, districtId);
    expect(first.size).toBe(608);
    const again = await stack.nextSync();
    expect(again).toMatchObject({ state: 'unchanged', changes: { users: { add: 0, update: 0, unchanged: 180 } } });

    const roster = await rosterOf(districtId, data, join(data, 'out'));
    expect(countsOf(roster)).toEqual(ROSTER);
    expect(differences(expectedRoster(FOLDER), roster)).toEqual([]);
    // A write stamps the record with its sync: equal items were not written.
    expect(await storedRecords(endpoints.dynamodb, districtId)).toEqual(first);
    expect((await showSync(data, again.id)).recordsWritten).toBe(0);
    expect((await stack.interrupt()).code).toBe(0);
  });

  test('as loose files, one by one; sent again `unchanged`', async () => {
    const data = temporaryFolder();
    const args = ['local', '--once', '--json', '--data', data, '--quiet-seconds', '1'];
    const { code, json } = await rollcall([...args, '--export', FOLDER, FOLDER]);
    expect(json.slice(1)).toMatchObject([{ sync: { state: 'applied' } }, { sync: { state: 'unchanged' } }]);
    expect(code).toBe(0);
    const again = json[2]?.['sync'] as SyncLine;
    expect((await showSync(data, again.id)).recordsWritten).toBe(0);
    // Nothing runs any more: the data folder itself is read.
    const roster = await rosterOf('maple-unified', data, join(data, 'out'));
    expect(countsOf(roster)).toEqual(ROSTER);
    expect(differences(expectedRoster(FOLDER), roster)).toEqual([]);
  });
});
