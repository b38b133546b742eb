import { twoDigits } from './calendar.ts';
import type { District } from './district.ts';
import type { Ids } from './ids.ts';
import { PLACE_NAMES } from './names.ts';
import { mix } from './random.ts';

const DRAW = 301;

/** Age in whole years at which a grade is begun, less the index of the grade. */
const AGE_IN_KINDERGARTEN = 5;

/** Cells of demographics.csv by person. All follows from the seed and the person; only the town of birth is ever corrected. */
export function demographicsCells(district: District, ids: Ids): (index: number) => string[] {
  return (index) => {
    const person = district.people[index];
    if (person === undefined) return [];
    const draw = mix(district.seed, DRAW, index);
    const year = 2026 - AGE_IN_KINDERGARTEN - person.firstGrade - (draw % 3 === 0 ? 1 : 0);
    const birthDate = `${year}-${twoDigits(1 + ((draw >>> 4) % 12))}-${twoDigits(1 + ((draw >>> 8) % 28))}`;
    const races = [0, 1, 2, 3, 4].map((race) => (draw >>> 13) % 5 === race || (race === 4 && (draw >>> 16) % 20 === 0));
    const several = races.filter(Boolean).length > 1;
    const bornAbroad = (draw >>> 20) % 12 === 0;
    const town = (((draw >>> 24) % PLACE_NAMES.length) + person.townVersion) % PLACE_NAMES.length;
    return [
      ...[ids.user(index), '', '', birthDate, (draw >>> 12) % 2 === 0 ? 'female' : 'male'],
      ...[...races, several, (draw >>> 18) % 4 === 0].map(String),
      ...[bornAbroad ? 'MX' : 'US', bornAbroad ? '' : 'OH', PLACE_NAMES[town] ?? '', ''],
    ];
  };
}
