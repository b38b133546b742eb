import type { District, Person } from './district.ts';
import { FAMILY_NAMES, MIDDLE_NAMES } from './names.ts';
import { guardiansOf } from './people.ts';
import type { Random } from './random.ts';

/** Below second grade children have no e-mail address. */
export const FIRST_GRADE_WITH_EMAIL = 2;

/** Changes one field of a person (or of a student's guardian, or birth town) to something else; never back to what it was. */
export function editPerson(district: District, person: Person, random: Random, day: number): void {
  const draw = random.between(0, 1);
  const guardians = person.role === 'student' ? guardiansOf(district, person) : [];
  const guardian = guardians[0];
  if (guardian !== undefined && draw < 0.15) {
    guardian.emailVersion += 1;
    district.lives.user.change(guardian.index, day);
    return;
  }
  if (district.options.demographics && person.role === 'student' && draw > 0.85) {
    person.townVersion += 1;
    district.lives.demographics.change(person.index, day);
    return;
  }
  const hasEmail = person.role !== 'student' || person.grade >= FIRST_GRADE_WITH_EMAIL;
  if (hasEmail && draw < 0.45) person.emailVersion += 1;
  else if (person.role === 'student' && draw < 0.6) person.grade = otherGrade(district, person, random);
  else if (draw < 0.75)
    person.family = (person.family + 1 + random.below(FAMILY_NAMES.length - 1)) % FAMILY_NAMES.length;
  else if (draw < 0.82) person.enabled = !person.enabled;
  else person.middle = (person.middle + 1 + random.below(MIDDLE_NAMES.length - 1)) % MIDDLE_NAMES.length;
  district.lives.user.change(person.index, day);
}

/** The grade below or above, at the same school. Every school has at least three grades. */
function otherGrade(district: District, student: Person, random: Random): number {
  const grades = district.schools[student.school]?.grades ?? [];
  const next = [student.grade - 1, student.grade + 1].filter((each) => grades.includes(each));
  return random.pick(next);
}
