import { byColumn, error, type FindingKind, info, warning } from './finding-kind.ts';

/** How records fit to each other, and what becomes of those that are missing (R2, R4, R5, R5b, R6). */
export const RECORD_FINDINGS = {
  'unresolved-reference': byColumn({
    says: '{column} refers to {kind} that is not here.',
    cause:
      'The other record is missing from its file, has an error itself, or was deactivated. Look at that file first.',
    example: 'An enrollment in class k-17, and classes.csv has no k-17.',
    hint: 'Send that record, or correct the id.',
  }),
  'user-removed': error({
    says: 'The row belongs to a user who is no longer in users.csv; it is removed with them.',
    cause: 'The filter of users.csv leaves the user out, but another file still has rows of theirs.',
    example: 'enrollments.csv has a row of u-104, who left on Monday.',
    hint: 'If that is not meant, look at the filter of the export.',
  }),
  'references-not-checked': info({
    says: '{column} refers to records that are not part of this check.',
    cause: 'Only one file was checked, or a file of changes without the records that it builds on.',
    example: 'A check of enrollments.csv alone.',
  }),
  'kept-because-referred': warning({
    says: 'The {kind} is missing from its file, but rows still refer to it; it is kept.',
    cause: 'The filters of two files do not fit. Removing the record would take all rows with it that name it.',
    example: 'classes.csv has no k-17 today, and 24 enrollments are in it.',
    hint: 'Send the record, or take it out of the rows that refer to it.',
  }),
  'removals-withheld': warning({
    says: 'Nobody is removed from {file} in this sync: rows without a readable sourcedId: {count}.',
    cause: 'Any record that is missing could be one of those rows. New and changed records go on as usual.',
    example: 'Forty rows of users.csv begin with a comma.',
    hint: 'Correct those rows.',
  }),
  'wrong-target-type': warning({
    says: '{column} refers to {kind} that is not {wanted}.',
    cause: 'The id is that of a district where a school is expected, or of a year where a term is. It is kept.',
    example: 'A class whose schoolSourcedId is the district.',
    hint: 'Correct the id, or its type.',
  }),
  'rekey-pair': warning({
    says: 'A new user and the vanished user {from} seem to be one person: the same {by}.',
    cause:
      'The system gave the person a new sourcedId. To Rollcall that is a new user, whose work stays with the old one.',
    example: 'u-104 is gone, 900104 is new, and both have the username jlee.',
    hint: 'Ask for the work to be moved: rollcall rekey DISTRICT OLD NEW; a plan with many pairs waits for a person.',
  }),
  'rekey-ambiguous': warning({
    says: 'Vanished users ({from}) and new ones ({to}) have the same {by}, but not one to one. They are not matched.',
    cause: 'Several people share a name, an e-mail or an identifier, and nobody can say who became whom.',
    example: 'Two students named alike are gone, and two of that name are new.',
    hint: 'If they have new sourcedIds, match them by hand: rollcall rekey DISTRICT OLD NEW.',
  }),
  'undo-conflict': warning({
    says: 'The record, or one that it belongs to, changed after the sync that is undone; it is left as it is.',
    cause: 'A later sync, or somebody in the product, has written it since.',
    example: 'u-104 was added on Monday, got a new e-mail on Tuesday, and Monday is undone.',
    hint: 'Look at the record. --force sets it back all the same.',
  }),
  'undo-impossible': warning({
    says: 'The record cannot be set back; it is left as it is.',
    cause: 'Its user was re-keyed since, or the user or class that it belongs to will not be active.',
    example: 'An enrollment was removed on Monday, its class on Tuesday, and Monday is undone.',
    hint: 'Undo the later sync first. --force does not set it back.',
  }),
  'own-parent': warning({
    says: 'The record names itself as its parent.',
    cause: 'The export fills parentSourcedId at the top of the tree, where it should be blank.',
    example: 'The district org-1 with parentSourcedId org-1.',
    hint: 'Leave parentSourcedId blank.',
  }),
  'parent-cycle': warning({
    says: 'The parents of {count} records lead in a circle; they are kept as they are.',
    cause: 'Two or more records name each other as parent.',
    example: 'org-2 has the parent org-3, and org-3 has the parent org-2.',
    hint: 'Correct parentSourcedId of one of them.',
  }),
  'duplicate-username': warning({
    says: 'An earlier user has the same username; both are kept.',
    cause: 'One person has two records, or two people were given one username.',
    example: 'u-104 and u-733 with the same username.',
    hint: 'Give each person one username; a person with two roles may keep one for both.',
  }),
  'school-year-start': warning({
    says: 'schoolYear of a school year is not the year in which it ends.',
    cause: 'Many systems name a school year by its first year; the standard names it by its last.',
    example: '2026 for the year from August 2026 to June 2027.',
    hint: 'Write the year of endDate; Rollcall goes by the dates.',
  }),
  'several-primary-teachers': warning({
    says: 'A class has more than one primary teacher.',
    cause: 'Co-teachers are all marked as primary. They all keep the class.',
    example: 'Two enrollments of k-17 with role teacher and primary true.',
    hint: 'Keep primary for one teacher.',
  }),
  'manual-lookalike': info({
    says: 'A user made by hand in the product has the same username or e-mail; it stays untouched.',
    cause: 'Somebody was added in the product before the roster had them. Now there are two.',
    example: 'A teacher who was added by hand in August and came with the roster in September.',
    hint: 'Remove the manual user in the product if it is the same person.',
  }),
} as const satisfies Record<string, FindingKind>;
