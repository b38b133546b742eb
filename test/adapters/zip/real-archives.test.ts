import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTable } from '../../../lib/adapters/csv/csv-table.ts';
import { openBytes } from './make-zip.ts';

/** Exports that others published; they stay outside of the project (see the README there). */
const SAMPLES = join(import.meta.dirname, '../../../../shared/samples');

const ARCHIVES: readonly [string, string, Record<string, number>][] = [
  [
    "ClassLink's sandbox export",
    'vossen-adobe__mockroster/OneRoster-original-zip/OneRoster-original.zip',
    {
      'academicSessions.csv': 8,
      'classes.csv': 73,
      'courses.csv': 41,
      'demographics.csv': 1,
      'enrollments.csv': 306,
      'manifest.csv': 18,
      'orgs.csv': 5,
      'users.csv': 181,
    },
  ],
  ['VRd118', 'catalyst__moodle-enrol_oneroster/VRd118-3613f7c/VRd118-3613f7c.zip', {}],
];

describe.each(ARCHIVES)('%s', (_, file, expectedRows) => {
  const path = join(SAMPLES, file);
  const check = existsSync(path) ? test : test.skip;
  check('is read whole, row by row (skipped where ../shared/samples is missing)', async () => {
    const archive = await openBytes(readFileSync(path));
    expect(archive.faults).toEqual([]);
    const rows: Record<string, number> = {};
    for (const entry of archive.entries) {
      let count = 0;
      for await (const event of readTable(entry.open)) {
        expect(event.type).not.toBe('fault');
        if (event.type === 'rows') count += event.rows.filter((row) => row.fault === null).length;
      }
      rows[entry.path] = count;
    }
    expect(rows).toMatchObject(expectedRows);
    expect(Object.keys(rows)).toEqual(
      expect.arrayContaining(['manifest.csv', 'orgs.csv', 'users.csv', 'enrollments.csv']),
    );
    expect(Object.values(rows).every((count) => count > 0)).toBe(true);
  });
});
