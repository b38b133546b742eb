import type { RecordKind } from '../core/oneroster/kinds.ts';
import { storedColumnsOf } from '../core/oneroster/tables.ts';
import type { RecordStatus } from '../core/plan/change.ts';
import { classIndex, type Key, productIdIndex, schoolRowKey, userIndex, usernameIndex } from './table-keys.ts';

/** DynamoDB's limit for a partition key, bytes of UTF-8. A longer one is left out: that record is not in the index. */
const MAX_PARTITION_KEY_BYTES = 2048;

/** The index keys of a record; a missing one keeps it out of that index. */
export interface IndexKeys {
  readonly gsi1pk?: string;
  readonly gsi1sk?: string;
  readonly gsi2pk?: string;
  readonly gsi2sk?: string;
}

/** What index keys are made from. `values` are canonical and aligned with `storedColumnsOf(kind)`. */
export interface IndexedRecord {
  readonly districtId: string;
  readonly kind: RecordKind;
  readonly status: RecordStatus;
  /** For a manual record: its productId. */
  readonly sourcedId: string;
  readonly productId: string;
  readonly values: readonly string[];
}

const NONE: IndexKeys = {};
const positionOf = (kind: RecordKind, column: string): number =>
  storedColumnsOf(kind).findIndex((each) => each.name === column);
const USER = {
  username: positionOf('user', 'username'),
  role: positionOf('user', 'role'),
  orgs: positionOf('user', 'orgSourcedIds'),
};
const ENROLLMENT = {
  user: positionOf('enrollment', 'userSourcedId'),
  class: positionOf('enrollment', 'classSourcedId'),
  role: positionOf('enrollment', 'role'),
};

/**
 * The index keys that a record's fields ask for (docs/data-model.md): users by username and by productId, active or
 * not; active enrollments by user, and by class with the role first, so that a class's teachers are one range.
 */
export function indexKeysOf(record: IndexedRecord): IndexKeys {
  if (record.kind === 'user') return userKeys(record);
  return record.kind === 'enrollment' && record.status === 'active' ? enrollmentKeys(record) : NONE;
}

function userKeys({ districtId, sourcedId, productId, values }: IndexedRecord): IndexKeys {
  const username = values[USER.username] ?? '';
  const byName = username !== '' && fits(usernameIndex(districtId, username));
  return {
    ...(byName ? { gsi1pk: usernameIndex(districtId, username), gsi1sk: sourcedId } : NONE),
    ...(productId === '' ? NONE : { gsi2pk: productIdIndex(districtId, productId), gsi2sk: sourcedId }),
  };
}

function enrollmentKeys({ districtId, sourcedId, values }: IndexedRecord): IndexKeys {
  const user = values[ENROLLMENT.user] ?? '';
  const klass = values[ENROLLMENT.class] ?? '';
  return {
    ...(user === '' ? NONE : { gsi1pk: userIndex(districtId, user), gsi1sk: sourcedId }),
    ...(klass === ''
      ? NONE
      : { gsi2pk: classIndex(districtId, klass), gsi2sk: `${values[ENROLLMENT.role] ?? ''}#${sourcedId}` }),
  };
}

const fits = (key: string): boolean =>
  key.length * 3 <= MAX_PARTITION_KEY_BYTES || new TextEncoder().encode(key).length <= MAX_PARTITION_KEY_BYTES;

/**
 * The school rows that a user should have, each as `role#orgSourcedId`: one for each org of an active user, none for
 * other records. The record keeps this list as `schoolRows`, so that a later write knows which rows exist even where
 * someone edited `orgSourcedIds` or `role` in the Portal meanwhile.
 */
export function schoolRowsOf(kind: RecordKind, status: RecordStatus, values: readonly string[]): readonly string[] {
  if (kind !== 'user' || status !== 'active') return [];
  const orgs = (values[USER.orgs] ?? '').split(',').filter((org) => org !== '');
  return [...new Set(orgs)].map((org) => `${values[USER.role] ?? ''}#${org}`);
}

/** The table key of a school row of a user. */
export function keyOfSchoolRow(districtId: string, schoolRow: string, userSourcedId: string): Key {
  const { role, orgSourcedId } = partsOfSchoolRow(schoolRow);
  return schoolRowKey(districtId, orgSourcedId, role, userSourcedId);
}

/** Takes `role#orgSourcedId` apart. Roles are enumerated and hold no `#`; org ids may. */
export function partsOfSchoolRow(schoolRow: string): { role: string; orgSourcedId: string } {
  const mark = schoolRow.indexOf('#');
  return { role: schoolRow.slice(0, mark), orgSourcedId: schoolRow.slice(mark + 1) };
}
