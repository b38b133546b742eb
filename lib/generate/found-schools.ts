import type { School } from './district.ts';
import { PLACE_NAMES } from './names.ts';
import type { Random } from './random.ts';

/** Students per school (facts: OneRoster §10). */
const STUDENTS_PER_SCHOOL = 492;

/** Share of the schools: middle and high schools are fewer and larger than elementary ones. */
const MIDDLE_SHARE = 0.2;
const HIGH_SHARE = 0.18;

interface Level {
  readonly label: string;
  readonly grades: readonly number[];
  readonly count: number;
}

const gradesFrom = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => first + at);

function levelsOf(schools: number): Level[] {
  if (schools === 1) return [{ label: 'School', grades: gradesFrom(0, 12), count: 1 }];
  if (schools === 2) {
    return [
      { label: 'Elementary School', grades: gradesFrom(0, 5), count: 1 },
      { label: 'Secondary School', grades: gradesFrom(6, 12), count: 1 },
    ];
  }
  const middle = Math.max(1, Math.round(schools * MIDDLE_SHARE));
  const high = Math.max(1, Math.round(schools * HIGH_SHARE));
  return [
    { label: 'Elementary School', grades: gradesFrom(0, 5), count: schools - middle - high },
    { label: 'Middle School', grades: gradesFrom(6, 8), count: middle },
    { label: 'High School', grades: gradesFrom(9, 12), count: high },
  ];
}

/** The schools of a district of that size, elementary ones first; every grade has a school. */
export function foundSchools(students: number, random: Random): School[] {
  const places = random.shuffle(PLACE_NAMES.map((_, index) => index)).map((index) => PLACE_NAMES[index] ?? '');
  const schools: School[] = [];
  for (const level of levelsOf(Math.max(1, Math.round(students / STUDENTS_PER_SCHOOL)))) {
    for (let each = 0; each < level.count; each += 1) {
      const round = Math.floor(each / places.length);
      const place = places[schools.length % places.length] ?? '';
      const name = round === 0 ? `${place} ${level.label}` : `${place} ${level.label} No. ${round + 1}`;
      schools.push({
        index: schools.length,
        name,
        cohorts: new Map(),
        grades: level.grades,
        courses: new Map(),
        teachers: [],
      });
    }
  }
  return schools;
}
