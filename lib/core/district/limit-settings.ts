import * as z from 'zod';
import { DEFAULT_LIMITS } from '../limits/limit-settings.ts';

const share = z.number().min(0).max(1);
const count = z.int().min(0);
const floors = {
  org: count,
  academicSession: count,
  course: count,
  class: count,
  user: count,
  enrollment: count,
  demographics: count,
} as const;

/**
 * One set of limits (R11), complete: a key that is missing takes its default. A share is of what there was before,
 * 0 to 1; a floor is a number of records or rows. Both must be exceeded, so small districts are not held for trifles.
 */
export const limitsSchema = z.strictObject({
  removals: z
    .strictObject({
      share: share.default(DEFAULT_LIMITS.removals.share).describe('share of the active records of a kind'),
      floors: z
        .strictObject({
          org: count.default(DEFAULT_LIMITS.removals.floors.org),
          academicSession: count.default(DEFAULT_LIMITS.removals.floors.academicSession),
          course: count.default(DEFAULT_LIMITS.removals.floors.course),
          class: count.default(DEFAULT_LIMITS.removals.floors.class),
          user: count.default(DEFAULT_LIMITS.removals.floors.user),
          enrollment: count.default(DEFAULT_LIMITS.removals.floors.enrollment),
          demographics: count.default(DEFAULT_LIMITS.removals.floors.demographics),
        })
        .prefault({})
        .describe('records of each kind that may always go'),
    })
    .prefault({})
    .describe('records of one kind that become inactive'),
  schoolRemovals: z
    .strictObject({
      share: share
        .default(DEFAULT_LIMITS.schoolRemovals.share)
        .describe("share of the school's students or enrollments"),
      floor: count.default(DEFAULT_LIMITS.schoolRemovals.floor).describe('students or enrollments that may always go'),
    })
    .prefault({})
    .describe('students or enrollments that one school loses'),
  updates: z
    .strictObject({
      share: share.default(DEFAULT_LIMITS.updates.share).describe('share of the active records of a kind'),
      floor: count.default(DEFAULT_LIMITS.updates.floor).describe('records that may always change'),
    })
    .prefault({})
    .describe('records of one kind that change'),
  invalidRows: z
    .strictObject({
      share: share.default(DEFAULT_LIMITS.invalidRows.share).describe('share of the rows of a file'),
      floor: count.default(DEFAULT_LIMITS.invalidRows.floor).describe('more than in the last applied delivery, rows'),
    })
    .prefault({})
    .describe('rows of one file with an error'),
  rowDrop: z
    .strictObject({
      share: share.default(DEFAULT_LIMITS.rowDrop.share).describe('share of the rows that the file last had'),
      floor: count.default(DEFAULT_LIMITS.rowDrop.floor).describe('a file that had no more rows than this may shrink'),
    })
    .prefault({})
    .describe('a full file with fewer rows than that share of what it last had'),
  losesAll: count
    .min(1)
    .nullable()
    .default(DEFAULT_LIMITS.losesAll)
    .describe('a kind or school of at least so many active records may not lose all of them; null: it may'),
  rekeyPairs: count.default(DEFAULT_LIMITS.rekeyPairs).describe('users who seem to have a new sourcedId (R12)'),
});

/** Some limits, for a time; the others stay as they are. */
const limitOverridesSchema = z
  .strictObject({
    removals: z.strictObject({ share, floors: z.strictObject(floors).partial() }).partial(),
    schoolRemovals: z.strictObject({ share, floor: count }).partial(),
    updates: z.strictObject({ share, floor: count }).partial(),
    invalidRows: z.strictObject({ share, floor: count }).partial(),
    rowDrop: z.strictObject({ share, floor: count }).partial(),
    losesAll: count.min(1).nullable(),
    rekeyPairs: count,
  })
  .partial();

const day = z.iso.date();

/**
 * Windows of days with limits of their own, such as the weeks of the yearly roll-over (R11): a district's summer needs
 * other limits than its winter, and nobody should have to remember to set them back.
 */
export const rollOverSchema = z
  .array(
    z
      .strictObject({
        from: day.describe('first day, YYYY-MM-DD'),
        to: day.describe('last day, YYYY-MM-DD'),
        limits: limitOverridesSchema.describe('the limits that differ in these days'),
      })
      .refine(({ from, to }) => from <= to, { path: ['to'], error: 'is before the first day' }),
  )
  .max(50);
