import type { SessionCode } from './calendar.ts';

/** Grades by index: 0 is kindergarten, 12 is the last (CEDS entry grade levels). */
export const GRADE_CODES = ['KG', '01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'] as const;

/** A course as every school of that level offers it. */
export interface CourseTemplate {
  readonly code: string;
  readonly title: string;
  readonly subjects: readonly string[];
  /** As many as `subjects`, in their order. */
  readonly subjectCodes: readonly string[];
  /** Grade indexes. */
  readonly grades: readonly number[];
}

/** One place in a student's schedule: every student of the grade sits in one class of one of these courses. */
export interface SlotTemplate {
  readonly courses: readonly CourseTemplate[];
  readonly classType: 'homeroom' | 'scheduled';
  readonly terms: readonly SessionCode[];
  /** A generalist keeps one group for several slots; advisers and specialists are spread over the school. */
  readonly taughtBy: 'generalist' | 'adviser' | 'specialist';
  /** 1-based; 0 where the school has no bells. */
  readonly period: number;
}

type Subject = readonly [code: string, subjects: readonly string[], subjectCodes: readonly string[]];
const SUBJECTS = {
  homeroom: ['HR', ['Homeroom'], ['22106']],
  reading: ['ELA', ['Reading', 'Writing'], ['01035', '01103']],
  math: ['MAT', ['Mathematics'], ['02033']],
  science: ['SCI', ['Science'], ['03231']],
  social: ['SOC', ['Social Studies'], ['04433']],
  art: ['ART', ['Visual Arts'], ['05154']],
  music: ['MUS', ['Music'], ['05133']],
  sport: ['PE', ['Physical Education', 'Health'], ['08001', '08051']],
  language: ['LNG', ['World Languages'], ['24052']],
  technology: ['TEC', ['Computer Science'], ['10012']],
  drama: ['DRA', ['Drama'], ['05052']],
} as const satisfies Record<string, Subject>;
type SubjectName = keyof typeof SUBJECTS;

function course(subject: SubjectName, suffix: string, title: string, grades: readonly number[]): CourseTemplate {
  const [code, subjects, subjectCodes] = SUBJECTS[subject];
  return { code: `${code}${suffix}`, title, subjects, subjectCodes, grades };
}

const YEAR: readonly SessionCode[] = ['FY'];
const SEMESTERS: readonly SessionCode[] = ['S1', 'S2'];
const QUARTERS: readonly SessionCode[] = ['Q1', 'Q2', 'Q3', 'Q4'];

function elementarySlots(grade: number): SlotTemplate[] {
  const label = grade === 0 ? 'Kindergarten' : `Grade ${grade}`;
  const code = GRADE_CODES[grade] ?? '';
  const slot = (subject: SubjectName, title: string, special: boolean): SlotTemplate => ({
    courses: [course(subject, code, title, [grade])],
    classType: subject === 'homeroom' ? 'homeroom' : 'scheduled',
    terms: special ? SEMESTERS : YEAR,
    taughtBy: special ? 'specialist' : 'generalist',
    period: 0,
  });
  return [
    slot('homeroom', `${label} Homeroom`, false),
    slot('reading', grade < 3 ? `${label} Reading` : `${label} Reading, Writing & Research`, false),
    slot('math', `${label} Math`, false),
    slot('science', `${label} Science`, false),
    slot('social', `${label} Social Studies`, false),
    slot('art', `${label} Art`, true),
    slot('music', `${label} Music`, true),
    slot('sport', `${label} Physical Education`, true),
  ];
}

const specialist = (period: number, terms: readonly SessionCode[], courses: CourseTemplate[]): SlotTemplate => ({
  courses,
  classType: 'scheduled',
  terms,
  taughtBy: 'specialist',
  period,
});

function middleSlots(grade: number): SlotTemplate[] {
  const code = GRADE_CODES[grade] ?? '';
  const all = [6, 7, 8];
  const one = [grade];
  const advisory = course('homeroom', code, `Grade ${grade} Advisory`, one);
  return [
    { courses: [advisory], classType: 'homeroom', terms: YEAR, taughtBy: 'adviser', period: 1 },
    specialist(2, YEAR, [course('reading', code, `English Language Arts ${grade}`, one)]),
    specialist(3, YEAR, [
      course('math', code, `Mathematics ${grade}`, one),
      course('math', `${code}A`, `Mathematics ${grade}, Accelerated`, one),
    ]),
    specialist(4, YEAR, [course('science', code, `Science ${grade}`, one)]),
    specialist(5, YEAR, [course('social', code, `Social Studies ${grade}`, one)]),
    specialist(6, SEMESTERS, [course('sport', 'M', 'Physical Education & Health', all)]),
    specialist(7, YEAR, [
      course('language', `S${code}`, `Español ${grade - 5}`, one),
      course('language', `F${code}`, `Français ${grade - 5}`, one),
    ]),
    specialist(8, QUARTERS, [
      course('art', 'M', 'Studio Art', all),
      course('music', 'M', 'Band', all),
      course('technology', 'M', 'Coding & Robotics', all),
    ]),
  ];
}

const MATH_TITLES = ['Algebra I', 'Geometry', 'Algebra II', 'Precalculus'];
const SCIENCE_TITLES = ['Biology', 'Chemistry', 'Physics', 'Environmental Science'];
const SOCIAL_TITLES = ['World Geography', 'World History', 'United States History', 'Government & Economics'];

/** Grades 9 and 10 have one period in two semesters (9 classes, 8 at a time), 12 has a free period. */
function highSlots(grade: number): SlotTemplate[] {
  const code = GRADE_CODES[grade] ?? '';
  const all = [9, 10, 11, 12];
  const one = [grade];
  const year = grade - 9;
  const semesterCourses = [
    course('technology', 'H', 'Introduction to Programming', all),
    course('drama', 'H', 'Theater: "The Short Play"', all),
    course('social', 'H', 'Personal Finance', all),
  ];
  const last =
    grade <= 10
      ? [specialist(8, ['S1'], semesterCourses), specialist(8, ['S2'], semesterCourses)]
      : [specialist(8, YEAR, semesterCourses)];
  return [
    specialist(1, YEAR, [
      course('reading', code, `English ${grade}`, one),
      course('reading', `${code}H`, `English ${grade} Honors`, one),
    ]),
    specialist(2, YEAR, [
      course('math', code, MATH_TITLES[year] ?? '', one),
      course('math', `${code}H`, `${MATH_TITLES[year]} Honors`, one),
    ]),
    specialist(3, YEAR, [course('science', code, SCIENCE_TITLES[year] ?? '', one)]),
    specialist(4, YEAR, [course('social', code, SOCIAL_TITLES[year] ?? '', one)]),
    specialist(5, SEMESTERS, [course('sport', 'H', 'Fitness for Life', all)]),
    specialist(6, YEAR, [
      course('language', `S${code}`, `Spanish ${year + 1}`, one),
      course('language', `F${code}`, `French ${year + 1}`, one),
      course('language', `A${code}`, `American Sign Language ${year + 1}`, one),
    ]),
    specialist(7, YEAR, [
      course('art', 'H', 'Drawing, Painting & Design', all),
      course('music', 'H', 'Concert Choir', all),
      course('music', 'HB', 'Jazz Band', all),
    ]),
    ...(grade === 12 ? [] : last),
  ];
}

const SLOTS = GRADE_CODES.map((_, grade) =>
  grade <= 5 ? elementarySlots(grade) : grade <= 8 ? middleSlots(grade) : highSlots(grade),
);

/** The slots of a grade's schedule; on average 8.1 classes per student over all grades (facts: OneRoster §10). */
export const slotsOfGrade = (grade: number): readonly SlotTemplate[] => SLOTS[grade] ?? [];
