/** Every file of OneRoster 1.1 and 1.2, as the standard writes it, without `.csv`. */
export const ONEROSTER_FILES = [
  'academicSessions',
  'categories',
  'classResources',
  'classes',
  'courseResources',
  'courses',
  'demographics',
  'enrollments',
  'lineItemLearningObjectiveIds',
  'lineItemScoreScales',
  'lineItems',
  'manifest',
  'orgs',
  'resources',
  'resultLearningObjectiveIds',
  'resultScoreScales',
  'results',
  'roles',
  'scoreScales',
  'userProfiles',
  'userResources',
  'users',
] as const;

export type OneRosterFile = (typeof ONEROSTER_FILES)[number];

const BY_LOWER_NAME: ReadonlyMap<string, OneRosterFile> = new Map(
  ONEROSTER_FILES.map((name) => [name.toLowerCase(), name]),
);

/** `20261123_users`, `2026-11-23-users`, `users_20261123`, `users-2026-11-23T0200`. */
const DATE_PART = /^(?:\d{4}-?\d{2}-?\d{2}(?:[T_-]?\d{4,6})?[_-])?(.*?)(?:[_-]\d{4}-?\d{2}-?\d{2}(?:[T_-]?\d{4,6})?)?$/;

/** What a file name stands for (R8: any case, dated). Null for anything that is not OneRoster. */
export function recogniseFileName(name: string): { file: OneRosterFile; exact: boolean } | null {
  const stem = /^(.+)\.csv$/i.exec(name)?.[1];
  if (stem === undefined) return null;
  const bare = DATE_PART.exec(stem)?.[1] ?? stem;
  const file = BY_LOWER_NAME.get(bare.toLowerCase());
  return file === undefined ? null : { file, exact: name === `${file}.csv` };
}
