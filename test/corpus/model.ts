import { type ReadDelivery, type ReadRow, readDelivery } from './reading.ts';
import type { Roster, RosterRecord } from './roster.ts';
import { byKind, KEPT_COLUMNS, KINDS, type Kind } from './standard.ts';
import type { Files } from './tables.ts';

/** What the rows of one id amount to. */
type Word =
  | { readonly says: 'is'; readonly cells: Readonly<Record<string, string>> }
  | { readonly says: 'gone' | 'damaged' };

/** Where a reference leads (R5b). */
type Found = 'here' | 'removed-user' | 'nowhere';

/** How the rows of one file did. */
export interface FileCounts {
  readonly bulk: boolean;
  readonly rows: number;
  readonly errors: number;
  readonly unreadable: number;
}

/** What must be after a delivery, if it is applied at all. */
export interface Expectation {
  readonly delivery: ReadDelivery;
  readonly roster: Roster;
  readonly counts: Readonly<Record<Kind, FileCounts>>;
}

const NO_COUNTS: FileCounts = { bulk: false, rows: 0, errors: 0, unreadable: 0 };
const KEEPABLE: readonly Kind[] = ['org', 'academicSession', 'course', 'class'];

/**
 * What the table must be after these files were applied to it, by R1 and R4 to R6: a slow reading of the rules that knows
 * nothing of the engine. `usual`: unreadable rows in the last applied delivery (R5).
 */
export function expectRoster(
  before: Roster,
  files: Files,
  usual: Readonly<Record<Kind, FileCounts>> | null,
): Expectation {
  const delivery = readDelivery(files);
  if (delivery.unusable !== null) return { delivery, roster: before, counts: byKind(() => NO_COUNTS) };
  const model = new Model(before, delivery, usual);
  return { delivery, roster: model.roster(), counts: model.counts };
}

class Model {
  readonly counts: Readonly<Record<Kind, FileCounts>>;
  readonly #before: Roster;
  readonly #delivery: ReadDelivery;
  readonly #usual: Readonly<Record<Kind, FileCounts>> | null;
  readonly #words = byKind(() => new Map<string, Word>());
  readonly #kept = new Set<string>();

  constructor(before: Roster, delivery: ReadDelivery, usual: Readonly<Record<Kind, FileCounts>> | null) {
    this.#before = before;
    this.#delivery = delivery;
    this.#usual = usual;
    const counts = byKind(() => NO_COUNTS);
    for (const kind of KINDS) {
      // Known before the references of this kind's rows are followed: they may lead back to it.
      counts[kind] = { ...NO_COUNTS, bulk: this.#isBulk(kind), rows: this.#rows(kind).length };
      counts[kind] = { ...counts[kind], ...this.#hear(kind) };
    }
    this.counts = counts;
    for (const kind of KINDS) this.#settleOwnReferences(kind);
    for (const kind of KINDS) {
      for (const [id, word] of this.#words[kind])
        if (word.says === 'damaged' && this.#isActive(kind, id)) this.#keepTargets(kind, id);
    }
  }

  roster(): Roster {
    return new Map(
      KINDS.map((kind) => {
        const records = new Map<string, RosterRecord>();
        for (const [id, record] of this.#records(kind)) {
          const gone = record.status === 'active' && this.#removes(kind, id);
          records.set(id, gone ? { ...record, status: 'inactive' } : record);
        }
        for (const [id, word] of this.#words[kind]) {
          if (word.says !== 'is') continue;
          const productId = records.get(id)?.productId ?? '';
          records.set(id, { status: 'active', productId, cells: word.cells });
        }
        return [kind, records];
      }),
    );
  }

  #rows = (kind: Kind): readonly ReadRow[] => this.#delivery.rows.get(kind) ?? [];
  #records = (kind: Kind): ReadonlyMap<string, RosterRecord> => this.#before.get(kind) ?? new Map();
  #isBulk = (kind: Kind): boolean => this.#delivery.modes.get(kind) === 'bulk';
  /** R6: absent and header-only files say nothing. */
  #reads = (kind: Kind): boolean => this.#rows(kind).length > 0;
  #isActive = (kind: Kind, id: string): boolean => this.#records(kind).get(id)?.status === 'active';

  /** R5: more rows that name nobody than usual. */
  #withheld(kind: Kind): boolean {
    const unreadable = this.#rows(kind).filter(({ id }) => id === null).length;
    return this.#isBulk(kind) && unreadable > (this.#usual?.[kind].unreadable ?? 0);
  }

  /** Takes the rows of a file: equal ones once, conflicting ones damage the record's word (R5b). */
  #hear(kind: Kind): Pick<FileCounts, 'errors' | 'unreadable'> {
    const words = this.#words[kind];
    const saying = new Map<string, number>();
    let errors = 0;
    let unreadable = 0;
    for (const row of this.#rows(kind)) {
      if (row.id === null) unreadable++;
      if (row.id === null || row.alsoMeans !== null) {
        errors++;
        continue;
      }
      const { word, isError } = this.#wordOf(kind, row);
      const earlier = words.get(row.id);
      const sound = isError ? 0 : 1;
      if (earlier === undefined || JSON.stringify(earlier) === JSON.stringify(word)) {
        words.set(row.id, word);
        saying.set(row.id, (saying.get(row.id) ?? 0) + sound);
        errors += 1 - sound;
      } else {
        errors += 1 + (saying.get(row.id) ?? 0);
        saying.set(row.id, 0);
        words.set(row.id, { says: 'damaged' });
      }
    }
    for (const { alsoMeans } of this.#rows(kind)) {
      if (alsoMeans !== null && !words.has(alsoMeans)) words.set(alsoMeans, { says: 'damaged' });
    }
    return { errors, unreadable };
  }

  #wordOf(kind: Kind, row: ReadRow): { readonly word: Word; readonly isError: boolean } {
    if (row.says === 'gone') return { word: { says: 'gone' }, isError: false };
    const found: Found[] = kind === 'demographics' ? [this.#find('user', row.id ?? '')] : [];
    const cells = { ...row.cells };
    for (const { name, refersTo, required } of KEPT_COLUMNS[kind]) {
      if (refersTo === null || refersTo === kind || cells[name] === undefined) continue;
      const targets = cells[name].split(',').map((id) => [id, this.#find(refersTo, id)] as const);
      if (required) found.push(...targets.map(([, where]) => where));
      else
        setOrDrop(
          cells,
          name,
          targets.flatMap(([id, where]) => (where === 'here' ? [id] : [])),
        );
    }
    if (row.says === 'damaged' || found.includes('nowhere')) return { word: { says: 'damaged' }, isError: true };
    if (found.includes('removed-user')) return { word: { says: 'gone' }, isError: true };
    return { word: { says: 'is', cells }, isError: false };
  }

  /** R5b: a usable row, or an active record that stays. Whoever asks for a missing org, session, course or class keeps it. */
  #find(kind: Kind, id: string): Found {
    const word = this.#words[kind].get(id);
    if (word?.says === 'is') return 'here';
    if (!this.#isActive(kind, id)) return 'nowhere';
    if (word === undefined) this.#keep(kind, id);
    if (!this.#removes(kind, id)) return 'here';
    return kind === 'user' && this.#isBulk('user') ? 'removed-user' : 'nowhere';
  }

  #removes(kind: Kind, id: string): boolean {
    if (!this.#reads(kind) || this.#withheld(kind)) return false;
    const word = this.#words[kind].get(id);
    if (word !== undefined) return word.says === 'gone';
    if (this.#isBulk(kind)) return !this.#kept.has(`${kind} ${id}`);
    const owner = kind === 'demographics' ? id : kind === 'enrollment' ? this.#cell(kind, id, 'userSourcedId') : '';
    return owner !== '' && this.#isBulk('user') && this.#isActive('user', owner) && this.#removes('user', owner);
  }

  #keep(kind: Kind, id: string): void {
    const name = `${kind} ${id}`;
    if (!KEEPABLE.includes(kind) || this.#kept.has(name)) return;
    this.#kept.add(name);
    if (this.#reads(kind) && this.#isBulk(kind) && !this.#withheld(kind)) this.#keepTargets(kind, id);
  }

  /** What stays as the table has it needs what it refers to. */
  #keepTargets(kind: Kind, id: string): void {
    for (const { name, refersTo } of KEPT_COLUMNS[kind]) {
      if (refersTo === null) continue;
      for (const target of this.#cell(kind, id, name).split(',')) {
        if (this.#isActive(refersTo, target) && !this.#words[refersTo].has(target)) this.#keep(refersTo, target);
      }
    }
  }

  /** Parents and agents, once all rows of the file are known; one that is nowhere is left out. */
  #settleOwnReferences(kind: Kind): void {
    for (const [id, word] of this.#words[kind]) {
      if (word.says !== 'is') continue;
      const cells = { ...word.cells };
      for (const { name, refersTo } of KEPT_COLUMNS[kind]) {
        if (refersTo !== kind || cells[name] === undefined) continue;
        setOrDrop(
          cells,
          name,
          cells[name].split(',').filter((target) => this.#find(kind, target) === 'here'),
        );
      }
      this.#words[kind].set(id, { says: 'is', cells });
    }
  }

  #cell = (kind: Kind, id: string, name: string): string => this.#records(kind).get(id)?.cells[name] ?? '';
}

function setOrDrop(cells: Record<string, string>, name: string, ids: readonly string[]): void {
  if (ids.length > 0) cells[name] = ids.join(',');
  else delete cells[name];
}
