import type { RecordKind } from '../core/oneroster/kinds.ts';
import type { SessionCode } from './calendar.ts';
import type { CourseTemplate, SlotTemplate } from './catalog.ts';
import type { EnrollmentStore } from './enrollment-store.ts';
import type { Lives } from './lives.ts';
import type { DistrictOptions } from './options.ts';

/** No person, no school, no grade. */
export const NONE = -1;

/** One row of users.csv: student, teacher, administrator, aide or guardian. Everything else about them is derived. */
export interface Person {
  readonly index: number;
  readonly role: 'administrator' | 'aide' | 'guardian' | 'student' | 'teacher';
  /** Unique among the people of one way of numbering (students; staff; the guardians of one student). */
  readonly number: number;
  /** Index into `schools`; NONE for people of the district office. */
  readonly school: number;
  /** A second school, or NONE. */
  readonly otherSchool: number;
  /** The grade on the first day, which the birth date follows. */
  readonly firstGrade: number;
  grade: number;
  readonly given: number;
  /** The family name that the user name was made from. */
  readonly firstFamily: number;
  family: number;
  middle: number;
  emailVersion: number;
  enabled: boolean;
  /** Students: versions of the town of birth (demographics). */
  townVersion: number;
  /** Students: head of the chain of their enrollment rows. */
  firstRow: number;
  /** Students: their guardians are consecutive people. Guardians: the student. */
  firstRelated: number;
  relatedCount: number;
  /** Nobody is changed twice in one night, so that no change can undo another unseen. */
  touchedDay: number;
  /** Students who left: the enrollment rows that they had. */
  rowsWhenLeft: readonly number[];
}

/** One slot of a cohort with the classes that are open in it. */
export interface Slot {
  readonly template: SlotTemplate;
  readonly school: number;
  readonly grade: number;
  readonly classes: ClassRecord[];
  /** How many classes it ever had. */
  sections: number;
}

/** One row of classes.csv. */
export interface ClassRecord {
  readonly index: number;
  readonly slot: Slot;
  readonly course: CourseRecord;
  readonly section: number;
  room: number;
  titleVariant: number;
  /** Students in it today. */
  students: number;
  /** Head of the chain of the enrollment rows of its teachers. */
  firstStaffRow: number;
  /** The rows of today's teachers; NO_ROW for none. */
  primaryRow: number;
  coRow: number;
  touchedDay: number;
}

/** One row of courses.csv. */
export interface CourseRecord {
  readonly index: number;
  readonly school: number;
  readonly template: CourseTemplate;
  titleVersion: number;
}

/** One school; the district office is the org before all schools. */
export interface School {
  readonly index: number;
  readonly name: string;
  /** The slots of each grade index that it teaches and has students of. */
  readonly cohorts: Map<number, readonly Slot[]>;
  readonly grades: readonly number[];
  readonly courses: Map<string, CourseRecord>;
  readonly teachers: Person[];
}

/** A generated district, as it is today. */
export interface District {
  readonly options: DistrictOptions;
  readonly seed: number;
  readonly name: string;
  readonly domain: string;
  readonly schools: School[];
  readonly courses: CourseRecord[];
  readonly classes: ClassRecord[];
  readonly closedClasses: ClassRecord[];
  readonly people: Person[];
  readonly enrollments: EnrollmentStore;
  readonly lives: Readonly<Record<RecordKind, Lives>>;
  /** Students who are here, and students who left: in no particular order. */
  readonly students: Person[];
  readonly away: Person[];
  studentCount: number;
  staffCount: number;
}

/** The terms of a class, shared by all classes of its slot. */
export const termsOf = (each: ClassRecord): readonly SessionCode[] => each.slot.template.terms;
