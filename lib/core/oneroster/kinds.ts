/** The seven kinds of record that Rollcall stores (design words; OneRoster 1.1 tables of the same name). */
export const RECORD_KINDS = [
  'org',
  'academicSession',
  'course',
  'user',
  'class',
  'enrollment',
  'demographics',
] as const;

/** One kind of stored record. The array above is the order of apply: each kind only refers to kinds before it or to itself. */
export type RecordKind = (typeof RECORD_KINDS)[number];

/** The CSV file that carries a kind, without `.csv`; also the key of that kind in every JSON that leaves Rollcall. */
export const FILE_OF_KIND = {
  org: 'orgs',
  academicSession: 'academicSessions',
  course: 'courses',
  user: 'users',
  class: 'classes',
  enrollment: 'enrollments',
  demographics: 'demographics',
} as const satisfies Record<RecordKind, string>;

export type RosterFile = (typeof FILE_OF_KIND)[RecordKind];

export const KIND_OF_FILE: Readonly<Record<RosterFile, RecordKind>> = {
  orgs: 'org',
  academicSessions: 'academicSession',
  courses: 'course',
  users: 'user',
  classes: 'class',
  enrollments: 'enrollment',
  demographics: 'demographics',
};

/** The six files without which a delivery that has no manifest is incomplete (design §4, receive). */
export const ROSTERING_FILES = ['academicSessions', 'orgs', 'courses', 'classes', 'users', 'enrollments'] as const;
