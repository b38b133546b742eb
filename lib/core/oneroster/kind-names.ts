import type { RecordKind } from './kinds.ts';

const NAMES: Readonly<Record<RecordKind, string>> = {
  org: 'an org',
  academicSession: 'an academic session',
  course: 'a course',
  user: 'a user',
  class: 'a class',
  enrollment: 'an enrollment',
  demographics: 'demographics',
};

/** A record kind with its article, for messages. */
export const nameOf = (kind: RecordKind): string => NAMES[kind];
