import { GRADE_CODES } from './catalog.ts';
import { type District, NONE, type Person } from './district.ts';
import { FIRST_GRADE_WITH_EMAIL } from './edit-person.ts';
import type { Ids } from './ids.ts';
import { FAMILY_NAMES, GIVEN_NAMES, MIDDLE_NAMES, plainLetters } from './names.ts';

const plainGiven = GIVEN_NAMES.map((each) => plainLetters(each).slice(0, 1));
const plainFamily = FAMILY_NAMES.map(plainLetters);

/** Unique in the district: the number is, and each way of numbering has its own form. Stays when the name changes. */
export function usernameOf(district: District, person: Person): string {
  const { role, number, firstRelated } = person;
  const initial = plainGiven[person.given] ?? 'x';
  const family = plainFamily[person.firstFamily] ?? 'x';
  if (role === 'student') return `${initial}${family}${number}`;
  if (role !== 'guardian') return `${initial}.${family}.${number}`;
  return `${initial}${family}.${district.people[firstRelated]?.number}.${number}`;
}

/** `version` keeps an address that changed unlike the one before. */
function emailOf(district: District, person: Person, username: string): string {
  const local = person.emailVersion === 1 ? username : `${username}-${person.emailVersion}`;
  if (person.role === 'guardian') return `${local}@mail.example.com`;
  if (person.role !== 'student') return `${local}@${district.domain}`;
  return person.grade < FIRST_GRADE_WITH_EMAIL ? '' : `${local}@students.${district.domain}`;
}

function orgIdsOf(ids: Ids, { school, otherSchool }: Person): string {
  const first = ids.org(school === NONE ? 0 : school + 1);
  return otherSchool === NONE ? first : `${first},${ids.org(otherSchool + 1)}`;
}

/** A related guardian is always delivered together with the student, so these references are whole. */
function agentIdsOf(ids: Ids, person: Person): string {
  let text = '';
  for (let at = 0; at < person.relatedCount; at += 1) {
    text += `${at === 0 ? '' : ','}${ids.user(person.firstRelated + at)}`;
  }
  return text;
}

/** Cells of users.csv by person; phone numbers never change, passwords are never given. */
export function userCells(district: District, ids: Ids): (index: number) => string[] {
  return (index) => {
    const person = district.people[index];
    if (person === undefined) return [];
    const { role, number, grade } = person;
    const username = usernameOf(district, person);
    const userIds =
      role === 'student' || role === 'guardian' ? `{LDAP:${username}}` : `{LDAP:${username}},{Fed:${number}}`;
    const phone = role === 'student' ? '' : `555-01${String(number % 100).padStart(2, '0')}`;
    return [
      ...[ids.user(index), '', '', String(person.enabled), orgIdsOf(ids, person), role, username],
      role === 'guardian' ? '' : userIds,
      ...[GIVEN_NAMES[person.given] ?? '', FAMILY_NAMES[person.family] ?? '', MIDDLE_NAMES[person.middle] ?? ''],
      role === 'guardian' ? '' : String(number).padStart(8, '0'),
      ...[emailOf(district, person, username), '', phone, agentIdsOf(ids, person), GRADE_CODES[grade] ?? '', ''],
    ];
  };
}
