/** One academic session of the generated school year, as data. Dates are offsets in days, see `dateText`. */
export interface Session {
  readonly code: SessionCode;
  readonly title: string;
  readonly type: 'schoolYear' | 'semester' | 'gradingPeriod';
  readonly start: number;
  /** Exclusive, as the standard says (OneRoster 1.1, academicSessions). */
  readonly end: number;
  readonly parent: SessionCode | null;
}

export type SessionCode = 'FY' | 'S1' | 'S2' | 'Q1' | 'Q2' | 'Q3' | 'Q4';

const MILLISECONDS_PER_DAY = 86_400_000;
const ORIGIN = Date.UTC(2026, 7, 1);
const offsetOf = (date: string): number => (Date.parse(date) - ORIGIN) / MILLISECONDS_PER_DAY;

const session = (
  code: SessionCode,
  title: string,
  type: Session['type'],
  start: string,
  end: string,
  parent: SessionCode | null,
): Session => ({ code, title, type, start: offsetOf(start), end: offsetOf(end), parent });

/** The one school year that districts are generated for. Its number is the year in which it ends (facts: OneRoster §5). */
export const SCHOOL_YEAR = '2027';

export const SESSIONS: readonly Session[] = [
  session('FY', 'School Year 2026-2027', 'schoolYear', '2026-08-17', '2027-06-05', null),
  session('S1', 'Semester 1', 'semester', '2026-08-17', '2027-01-11', 'FY'),
  session('S2', 'Semester 2', 'semester', '2027-01-11', '2027-06-05', 'FY'),
  session('Q1', 'Quarter 1', 'gradingPeriod', '2026-08-17', '2026-10-19', 'S1'),
  session('Q2', 'Quarter 2', 'gradingPeriod', '2026-10-19', '2027-01-11', 'S1'),
  session('Q3', 'Quarter 3', 'gradingPeriod', '2027-01-11', '2027-03-22', 'S2'),
  session('Q4', 'Quarter 4', 'gradingPeriod', '2027-03-22', '2027-06-05', 'S2'),
];

/** Day 1 of every generated district: the Monday 2026-11-23. */
const DAY_ONE = offsetOf('2026-11-23');

/** Day 180 is 2027-05-21; later days would leave the school year. */
export const MOST_DAYS = 180;

/** The date of the `day`-th export (1 is the first), as an offset. */
export const offsetOfDay = (day: number): number => DAY_ONE + day - 1;

const dateTexts: string[] = [];

/** `YYYY-MM-DD` of an offset. */
export function dateText(offset: number): string {
  const known = dateTexts[offset];
  if (known !== undefined) return known;
  const text = new Date(ORIGIN + offset * MILLISECONDS_PER_DAY).toISOString().slice(0, 10);
  dateTexts[offset] = text;
  return text;
}

/** When a class begins and ends: from its first term to its last. */
export function spanOf(terms: readonly SessionCode[]): { readonly start: number; readonly end: number } {
  const chosen = SESSIONS.filter((each) => terms.includes(each.code));
  return { start: Math.min(...chosen.map((each) => each.start)), end: Math.max(...chosen.map((each) => each.end)) };
}

/** A part of a date or time, 0 to 99. */
export const twoDigits = (value: number): string => (value < 10 ? `0${value}` : String(value));
