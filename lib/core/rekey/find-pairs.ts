import type { Change } from '../plan/change.ts';
import type { Agreement } from './agreement.ts';
import { BirthDates } from './birth-dates.ts';
import { type Keys, matchUsers } from './match-users.ts';
import { UserSide } from './user-side.ts';

/** A user who vanishes and one who appears, who seem to be the same person. */
export interface RekeyPair {
  /** sourcedId of the user who becomes inactive. */
  readonly from: string;
  /** sourcedId of the user who is added. */
  readonly to: string;
  readonly by: Agreement;
}

/** Users who agree, but not one to one: paired with nobody. Each is in one group at most. */
export interface AmbiguousGroup {
  readonly by: Agreement;
  /** sourcedIds, at least one of each side. */
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** Pairs by `from`, groups by their first `from`, in the order of code units. */
export interface RekeyResult {
  readonly pairs: readonly RekeyPair[];
  readonly ambiguous: readonly AmbiguousGroup[];
}

/**
 * Finds the users of a plan who seem to have a new sourcedId (R12): one becomes inactive, one of the same role is added,
 * and both agree. Keeps their ids and 48 bytes of fingerprints for each, no names. Pure.
 */
export class RekeyFinder {
  readonly #removed = new UserSide();
  readonly #added = new UserSide();
  readonly #birthDates = new BirthDates();

  /** Changes of the plan, each once, in any order. Those of other kinds are passed over. */
  sawChanges(changes: readonly Change[]): void {
    for (const { op, kind, after } of changes) {
      if (kind === 'demographics') {
        this.#birthDates.push(after.line);
      } else if (kind === 'user') {
        if (op === 'deactivate') this.#removed.push(after.line);
        else if (op === 'add' || op === 'reactivate') this.#added.push(after.line);
      }
    }
  }

  result(): RekeyResult {
    const { matches, groups } = matchUsers(this.#keysOf(this.#removed), this.#keysOf(this.#added));
    const from = (row: number) => this.#removed.ids[row]!;
    const to = (row: number) => this.#added.ids[row]!;
    const pairs = matches.map((match) => ({ from: from(match.from), to: to(match.to), by: match.by }));
    const ambiguous = groups.map(({ by, ...rows }) => ({
      by,
      from: rows.from.map(from).sort(),
      to: rows.to.map(to).sort(),
    }));
    return {
      pairs: pairs.sort((a, b) => byCodeUnits(a.from, b.from)),
      ambiguous: ambiguous.sort((a, b) => byCodeUnits(a.from[0]!, b.from[0]!)),
    };
  }

  #keysOf(side: UserSide): Keys {
    const { birthDate, nameAndBirthDate } = this.#birthDates.of(side);
    return {
      ids: side.ids,
      identifier: side.identifier,
      username: side.username,
      email: side.email,
      names: side.names,
      'birth-date': birthDate,
      'name-and-birth-date': nameAndBirthDate,
      'name-grade-school': side.namesGradeSchool,
    };
  }
}

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
