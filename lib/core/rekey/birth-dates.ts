import { idOfLine, valueAt } from '../oneroster/record-line.ts';
import { storedColumnsOf } from '../oneroster/tables.ts';
import { KeyColumn, KeyIndex } from './key-column.ts';
import type { UserSide } from './user-side.ts';

const BIRTH_DATE = storedColumnsOf('demographics').findIndex(({ name }) => name === 'birthDate');

/** Birth dates by user, as far as demographics records of the plan tell them. */
export class BirthDates {
  readonly #ids = new KeyColumn();
  readonly #dates = new KeyColumn();

  /** The line of a demographics record that is added or goes with its user. */
  push(line: string): void {
    const date = valueAt(line, BIRTH_DATE);
    if (date === '') return;
    this.#ids.push(idOfLine(line));
    this.#dates.push(date);
  }

  /** For each user of a side the birth date (as its fingerprint), and name and birth date together. */
  of(side: UserSide): { readonly birthDate: KeyColumn; readonly nameAndBirthDate: KeyColumn } {
    const index = new KeyIndex(this.#ids);
    const birthDate = new KeyColumn();
    const nameAndBirthDate = new KeyColumn();
    for (let user = 0; user < side.ids.length; user++) {
      const row = index.find(side.sourcedId, user);
      const date = row < 0 ? '' : `${this.#dates.low(row)} ${this.#dates.high(row)}`;
      const named = date !== '' && !side.names.isBlank(user);
      birthDate.push(date);
      nameAndBirthDate.push(named ? `${side.names.low(user)} ${side.names.high(user)} ${date}` : '');
    }
    return { birthDate, nameAndBirthDate };
  }
}
