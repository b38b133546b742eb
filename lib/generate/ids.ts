import { SESSIONS } from './calendar.ts';
import { type District, NONE, type Person } from './district.ts';
import { mix } from './random.ts';

/** The sourcedIds of a district's records, by index. Never change; unique per kind. */
export interface Ids {
  /** 0 is the district, then the schools. */
  org(index: number): string;
  session(index: number): string;
  course(index: number): string;
  class(index: number): string;
  /** Of a user, and of their demographics. */
  user(index: number): string;
  enrollment(row: number): string;
}

/** Purposes of UUIDs. Never renumber: the same seed must give the same district. */
const ORG = 11;
const SESSION = 12;
const COURSE = 13;
const CLASS = 14;
const USER = 15;
const ENROLLMENT = 16;

/** Ids as a SIS makes them: `31763` for a class, `3_2209` for staff of school 3, `31763_22156` for an enrollment. */
function shortIds(district: District): Ids {
  const org = (index: number) => String(index + 1);
  const school = (index: number) => (index === NONE ? '1' : org(index + 1));
  const classNumber = (index: number) => String(30_001 + index);
  const user = ({ role, school: at, number, firstRelated }: Person): string => {
    if (role === 'student') return String(number);
    return role === 'guardian' ? `${district.people[firstRelated]?.number}_${number}` : `${school(at)}_${number}`;
  };
  const ofPerson = remember((index) => user(district.people[index] as Person));
  const ofClass = remember(classNumber);
  return {
    org: remember(org),
    session: (index) => `2027_${SESSIONS[index]?.code}`,
    course: remember((index) => `${school(district.courses[index]?.school ?? NONE)}_${101 + index}`),
    class: ofClass,
    user: ofPerson,
    enrollment: (row) =>
      `${ofClass(district.enrollments.classOf(row))}_${ofPerson(district.enrollments.personOf(row))}`,
  };
}

function uuidIds(seed: number): Ids {
  const of = (purpose: number) => (index: number) => uuidOf(seed, purpose, index);
  return {
    org: remember(of(ORG)),
    session: remember(of(SESSION)),
    course: remember(of(COURSE)),
    class: remember(of(CLASS)),
    user: remember(of(USER)),
    enrollment: of(ENROLLMENT),
  };
}

/** Enrollments refer to some hundred thousand ids some million times. */
function remember(make: (index: number) => string): (index: number) => string {
  const known: string[] = [];
  return (index) => {
    const id = known[index];
    if (id !== undefined) return id;
    const made = make(index);
    known[index] = made;
    return made;
  };
}

const HEX = Array.from({ length: 0x10000 }, (_, value) => value.toString(16).padStart(4, '0'));
const hex = (value: number): string => HEX[value & 0xffff] as string;

/** A UUID (version 4 in form) that follows from its arguments; `mix` makes its first 8 digits unique per seed and purpose. */
function uuidOf(seed: number, purpose: number, index: number): string {
  const first = mix(seed, purpose, index);
  const second = mix(seed, purpose + 100, index);
  const third = mix(seed, purpose + 200, index);
  const fourth = mix(seed, purpose + 300, index);
  const version = 0x4000 | (second & 0x0fff);
  const variant = 0x8000 | (third & 0x3fff);
  const head = `${hex(first >>> 16)}${hex(first)}-${hex(second >>> 16)}`;
  return `${head}-${hex(version)}-${hex(variant)}-${hex(third >>> 16)}${hex(fourth >>> 16)}${hex(fourth)}`;
}

/** The ids of a district, in the style that its options ask for. */
export const idsOf = (district: District): Ids => (district.options.uuid ? uuidIds(district.seed) : shortIds(district));
