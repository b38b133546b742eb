import { detached } from '../oneroster/detached.ts';
import { idOfLine, valuesOfLine } from '../oneroster/record-line.ts';
import type { DerivedCells } from '../oneroster/row-reader.ts';
import { storedColumnsOf } from '../oneroster/tables.ts';
import { isKnownRole, userRoleOf } from '../oneroster/version-1p2.ts';
import type { StoredRecord } from './change.ts';

/** A readable row of roles.csv. */
export interface RoleRow {
  readonly userSourcedId: string;
  readonly primary: boolean;
  /** As 1.2 writes it. */
  readonly role: string;
  readonly orgSourcedId: string;
}

/** What the roles of one user amount to. */
interface UserRole {
  role: string;
  primary: boolean;
  /** Joined by commas, sorted: neither order of rows nor of days shows. '' where there are `many`. */
  orgs: string;
  many: Set<string> | null;
  damaged: boolean;
}

/**
 * Where a user has several primary roles, or only secondary ones, this one counts: what somebody does at school before
 * what they are to a child, and a role of 1.1 before words that it does not have.
 */
const PRECEDENCE = ['teacher', 'administrator', 'aide', 'proctor', 'student', 'guardian', 'parent', 'relative'];
const rankOf = (role: string): number => (isKnownRole(role) ? PRECEDENCE.indexOf(role) : PRECEDENCE.length);

/** Characters of joined orgs from which on they are kept one by one: joining each anew would take the square of them. */
const MANY_ORGS_LENGTH = 1000;

const column = (name: string): number => storedColumnsOf('user').findIndex((each) => each.name === name);
const ROLE = column('role');
const ORGS = column('orgSourcedIds');

/** The `role` and `orgSourcedIds` of users, from the rows of a 1.2 roles.csv and perhaps the table (R9). */
export class UserRoles implements DerivedCells {
  readonly #delivered = new Map<string, UserRole>();
  /** What the table has, where the delivery does not say all. */
  readonly #known = new Map<string, { readonly role: string; readonly orgs: string }>();
  readonly #whole: boolean;
  readonly #texts = new Map<string, string>();

  /** `whole`: a user whom no row names has no role; otherwise nothing can be said about them here. */
  constructor(whole: boolean) {
    this.#whole = whole;
  }

  /** Adds the next role. False: the user has another one of the same weight, and by rule one of the two counts. */
  add(row: RoleRow): boolean {
    const role = userRoleOf(row.role);
    const found = this.#delivered.get(row.userSourcedId);
    if (found === undefined) {
      const { primary } = row;
      const orgs = this.#shared(row.orgSourcedId);
      const first = { role: this.#shared(role), primary, orgs, many: null, damaged: false };
      this.#delivered.set(detached(row.userSourcedId), first);
      return true;
    }
    this.#addOrg(found, row.orgSourcedId);
    const stronger = row.primary && !found.primary;
    const equal = row.primary === found.primary && role !== found.role && found.role !== '';
    if (stronger || found.role === '' || (equal && precedes(role, found.role))) found.role = this.#shared(role);
    found.primary ||= row.primary;
    return !(equal && row.primary);
  }

  /** A row of this user cannot be read: what the others say is not the whole (R5). */
  damage(userSourcedId: string): void {
    const found = this.#delivered.get(userSourcedId);
    if (found !== undefined) found.damaged = true;
    else
      this.#delivered.set(detached(userSourcedId), { role: '', primary: false, orgs: '', many: null, damaged: true });
  }

  /** What the table has counts where the delivery is silent: its orgs are added, its role gives way to a primary one. */
  addKnown(users: readonly StoredRecord[]): void {
    for (const { line } of users) {
      const values = valuesOfLine(line);
      const known = { role: this.#shared(values[ROLE] ?? ''), orgs: this.#shared(values[ORGS] ?? '') };
      this.#known.set(detached(idOfLine(line)), known);
    }
  }

  cell(sourcedId: string, name: string): string | null | undefined {
    const found = this.#delivered.get(sourcedId);
    if (found?.damaged) return null;
    const known = this.#known.get(sourcedId);
    if (found === undefined && known === undefined) return this.#whole ? '' : undefined;
    if (name === 'role') return found?.primary ? found.role : known?.role || found?.role || '';
    return name === 'orgSourcedIds' ? joined(known?.orgs ?? '', orgsOf(found)) : '';
  }

  #addOrg(found: UserRole, org: string): void {
    if (found.many !== null) found.many.add(detached(org));
    else if (found.orgs.length < MANY_ORGS_LENGTH) found.orgs = this.#shared(joined(found.orgs, org));
    else {
      found.many = new Set([...found.orgs.split(','), detached(org)]);
      found.orgs = '';
    }
  }

  /** One copy of each text that many users have in common. */
  #shared(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const copy = detached(text);
    this.#texts.set(copy, copy);
    return copy;
  }
}

/** The first of the precedence; among words that it does not have, the first by letter. */
const precedes = (role: string, other: string): boolean =>
  rankOf(role) === rankOf(other) ? role < other : rankOf(role) < rankOf(other);

const orgsOf = (found: UserRole | undefined): string =>
  found?.many == null ? (found?.orgs ?? '') : [...found.many].toSorted().join(',');

function joined(some: string, more: string): string {
  if (some === '' || more === '' || some === more) return some === '' ? more : some;
  return [...new Set([...some.split(','), ...more.split(',')])].toSorted().join(',');
}
