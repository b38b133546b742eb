import { copyFileSync, createWriteStream, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { cleanUp, rollcall, type SyncLine, temporaryFolder } from './rollcall-process.ts';
import { differences, expectedRoster, rosterOf } from './roster-files.ts';
import { showSync } from './shown-sync.ts';
import { unzip } from './unzip.ts';

const folder = temporaryFolder();
const data = join(folder, 'data');

afterAll(cleanUp);

/** School Data Sync's first format, as its own headers say. */
const SCHOOL_DATA_SYNC = {
  'School.csv': 'SIS ID,Name\n1,Oak Hill\n',
  'Section.csv': 'SIS ID,School SIS ID,Section Name\n11,1,Maths\n',
  'Student.csv': 'SIS ID,School SIS ID,Username\n21,1,ana\n',
  'Teacher.csv': 'SIS ID,School SIS ID,Username\n31,1,ben\n',
  'StudentEnrollment.csv': 'Section SIS ID,SIS ID\n11,21\n',
  'TeacherRoster.csv': 'Section SIS ID,SIS ID\n11,31\n',
};

async function zipOf(path: string, files: Readonly<Record<string, string>>): Promise<string> {
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), name);
  zip.end();
  await finished(zip.outputStream.pipe(createWriteStream(path)));
  return path;
}

test('rejected and incomplete exports end with exit code 1 and change nothing', async () => {
  await rollcall(['generate', folder, '--students', '100', '--seed', '3', '--days', '2', '--churn', '0.1', '--zip']);
  const good = join(folder, 'day-1.zip');
  const foreign = await zipOf(join(folder, 'sds.zip'), SCHOOL_DATA_SYNC);
  const cut = join(folder, 'cut.zip');
  writeFileSync(cut, readFileSync(join(folder, 'day-2.zip')).subarray(0, -2000));
  const files = await unzip(join(folder, 'day-2.zip'), join(folder, 'day-2'));
  const gap = join(folder, 'gap');
  mkdirSync(gap);
  for (const name of readdirSync(files)) if (name !== 'users.csv') copyFileSync(join(files, name), join(gap, name));

  const args = ['local', '--once', '--json', '--data', data, '--quiet-seconds', '1', '--export'];
  const { code, json } = await rollcall([...args, good, foreign, cut, gap]);
  const syncs = json.slice(1).map((line) => line['sync'] as SyncLine);
  expect(syncs.map(({ state }) => state)).toEqual(['applied', 'rejected', 'incomplete', 'incomplete']);
  expect(code).toBe(1);

  const rejected = await showSync(data, syncs[1]?.id ?? null);
  expect(rejected).toMatchObject({ state: 'rejected', recordsWritten: 0 });
  expect(rejected.findings.map((finding) => finding.code)).toContain('look-alike');
  const roster = await rosterOf('maple-unified', data, join(folder, 'out'));
  expect(differences(expectedRoster(await unzip(good, join(folder, 'day-1'))), roster)).toEqual([]);
});
