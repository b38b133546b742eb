import type { HoldCode } from '../limits/hold.ts';

/** Why a plan waits, and what a district can do about it, in words of somebody who keeps a student information system. */
export const HOLD_REASONS: Readonly<Record<HoldCode, string>> = {
  'first-sync': 'It is your first export, and one of us looks at the counts of each school before anything is written.',
  paused: 'Updates of your roster are paused, because somebody of ours asked for it.',
  removals: 'It would remove many more records than usual. Check the filters of the export and that it is complete.',
  'school-removals':
    'A school would lose many of its students or enrollments. Check that the filters of the export still include it.',
  updates: 'It would change most records of a kind. Check whether a column of the export now means something else.',
  'row-drop': 'A file has far fewer rows than last time. Check that the export ran to its end.',
  'perhaps-cut': 'A file seems to be cut off at its end. Check that the export and its upload ran to their end.',
  'invalid-rows': 'Many more rows than usual have an error. Check what changed in the export or its template.',
  rekey: 'Many people seem to have a new sourcedId. Tell us whether your student information system was changed.',
  'moved-id-returns': 'A sourcedId is back that had been replaced by another one. Tell us which of them is right.',
  'other-district': 'It shares no school with your last export. Check that the right district was exported.',
};

/** The reason in words; a code that this version does not know says so. */
export const reasonOf = (code: string): string =>
  code in HOLD_REASONS ? HOLD_REASONS[code as HoldCode] : `It needs a person to look at it (${code}).`;
