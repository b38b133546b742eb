import { FILE_OF_KIND } from '../core/oneroster/kinds.ts';

/** The files of OneRoster 1.1 CSV in the order of the standard's manifest table (facts: OneRoster §3). */
const MANIFEST_FILES = [
  ...['academicSessions', 'categories', 'classes', 'classResources', 'courses', 'courseResources', 'demographics'],
  ...['enrollments', 'lineItems', 'orgs', 'resources', 'results', 'users'],
];

/** The rows of manifest.csv: all thirteen files, the rostering ones bulk and the rest absent. */
export function manifestRows(): string[][] {
  const supplied: readonly string[] = Object.values(FILE_OF_KIND);
  return [
    ['manifest.version', '1.0'],
    ['oneroster.version', '1.1'],
    ...MANIFEST_FILES.map((file) => [`file.${file}`, supplied.includes(file) ? 'bulk' : 'absent']),
    ['source.systemName', 'Rollcall district generator'],
    ['source.systemCode', 'rollcall'],
  ];
}
