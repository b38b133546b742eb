import { detached } from '../oneroster/detached.ts';
import { FIELD_SEPARATOR, idOfLine, valuesOfLine } from '../oneroster/record-line.ts';
import { storedColumnsOf } from '../oneroster/tables.ts';
import { KeyColumn } from './key-column.ts';

const USER_COLUMNS = ['role', 'identifier', 'username', 'email', 'givenName', 'familyName', 'grades', 'orgSourcedIds'];
const [ROLE, IDENTIFIER, USERNAME, EMAIL, GIVEN, FAMILY, GRADES, ORGS] = USER_COLUMNS.map((column) =>
  storedColumnsOf('user').findIndex(({ name }) => name === column),
);

/**
 * The users who vanish, or those who appear: their sourcedIds, and fingerprints of what they may agree on. A role is
 * part of every key, so nobody agrees with somebody of another role.
 */
export class UserSide {
  readonly ids: string[] = [];
  readonly sourcedId = new KeyColumn();
  readonly identifier = new KeyColumn();
  readonly username = new KeyColumn();
  readonly email = new KeyColumn();
  readonly names = new KeyColumn();
  readonly namesGradeSchool = new KeyColumn();

  push(line: string): void {
    const values = valuesOfLine(line);
    const cell = (index: number | undefined) => values[index ?? -1] ?? '';
    const key = (...parts: string[]) => (parts.includes('') ? '' : [cell(ROLE), ...parts].join(FIELD_SEPARATOR));
    const id = detached(idOfLine(line));
    const names = [folded(cell(GIVEN)), folded(cell(FAMILY))];
    const schools = cell(ORGS).split(',').sort().join(',');
    this.ids.push(id);
    this.sourcedId.push(id);
    this.identifier.push(key(cell(IDENTIFIER)));
    this.username.push(key(folded(cell(USERNAME))));
    this.email.push(key(folded(cell(EMAIL))));
    this.names.push(key(...names));
    this.namesGradeSchool.push(key(...names, cell(GRADES), schools));
  }
}

/** Systems differ in case and in how they write an accented letter; a person stays the same. */
const folded = (text: string): string => text.normalize('NFC').toLowerCase();
