import { detached } from '../oneroster/detached.ts';
import { RECORD_KINDS, type RecordKind } from '../oneroster/kinds.ts';
import { idOfLine } from '../oneroster/record-line.ts';
import { type Change, recordsOf, type StoredRecord } from '../plan/change.ts';
import type { PlanResult } from '../plan/plan-input.ts';
import type { DeliveryProfile } from '../sync/sync.ts';
import { holdInvalidRows, holdPerhapsCut, holdRowDrop } from './file-limits.ts';
import type { Hold } from './hold.ts';
import { counted, grouped } from './hold-words.ts';
import { holdRemovals, holdUpdates } from './kind-limits.ts';
import { KnownOrgs } from './known-orgs.ts';
import type { Limits } from './limit-settings.ts';
import { isSchoolKind, type SchoolKind } from './school-cells.ts';
import { holdSchools } from './school-limits.ts';
import { listSchools, type SchoolSize, type SchoolSizes } from './school-sizes.ts';
import { type SchoolMeasure, SchoolTally } from './school-tally.ts';

/** How many of the ids that come back are named in a message. */
const NAMED_IDS = 5;

/** What the last applied delivery was like. */
export type LastProfile = Pick<DeliveryProfile, 'invalidRows'> &
  Partial<Pick<DeliveryProfile, 'bulkRows' | 'endsWithLineEnd'>>;

/** A finished plan, the limits of the day, and what it is compared with. */
export interface HoldInput {
  readonly limits: Limits;
  readonly result: Pick<PlanResult, 'changes' | 'files'> & Partial<Pick<PlanResult, 'profile'>>;
  /** Of the last applied delivery; null where there is none. */
  readonly lastProfile: LastProfile | null;
  /** Users who seem to have a new sourcedId (R12). */
  readonly pairs: number;
}

/**
 * Watches what a plan reads of the table and what it changes, and says afterwards which limits the plan crosses (R11).
 * Keeps a counter for each kind and school, and the names of orgs; no record. Pure.
 */
export class LimitWatch {
  readonly #active = Object.fromEntries(RECORD_KINDS.map((kind) => [kind, 0])) as Record<RecordKind, number>;
  readonly #schools = new SchoolTally();
  readonly #orgs = new KnownOrgs();
  /** The kinds of which the whole table was read. */
  readonly #read = new Set<RecordKind>();
  readonly #returning: string[] = [];
  #returns = 0;

  /** The records of a kind are about to be read, or to be read again: what was seen of them does not count twice. */
  startTable(kind: RecordKind): void {
    this.#active[kind] = 0;
    this.#read.add(kind);
    if (isSchoolKind(kind)) this.#schools.restart(kind);
  }

  /** Records of the table, as the plan reads them. */
  sawTable(kind: RecordKind, batch: readonly StoredRecord[]): void {
    const ofSchool = isSchoolKind(kind) ? kind : null;
    let active = 0;
    for (const { status, line } of batch) {
      if (kind === 'org') this.#orgs.sawStored(line, status === 'active');
      if (status !== 'active') continue;
      active++;
      if (ofSchool !== null) this.#schools.sawActive(ofSchool, line);
    }
    this.#active[kind] += active;
  }

  /** Changes of the plan, each once, in any order. */
  sawChanges(changes: readonly Change[]): void {
    for (const change of changes) for (const each of recordsOf(change)) this.#sawChange(each);
  }

  /** Every limit that the plan crosses, the weightiest first; none for a plan that changes nothing. */
  holds({ limits, result, lastProfile, pairs }: HoldInput): Hold[] {
    const { changes, files } = result;
    const counts = Object.values(changes);
    if (counts.every(({ add, update, deactivate, reactivate }) => add + update + deactivate + reactivate === 0)) {
      return [];
    }
    return [
      ...this.#holdOtherDistrict(result),
      ...holdRekey(limits, pairs),
      ...holdRemovals(limits, changes, this.#active),
      ...holdSchools(limits, this.#schools.losing(), (id) => this.#orgs.nameOf(id)),
      ...this.#holdReturns(),
      ...holdPerhapsCut(result.profile?.endsWithLineEnd ?? {}, lastProfile?.endsWithLineEnd ?? {}),
      ...holdRowDrop(limits, files, lastProfile?.bulkRows ?? {}),
      ...holdUpdates(limits, changes, this.#active),
      ...holdInvalidRows(limits, files, lastProfile?.invalidRows ?? {}),
    ];
  }

  /** The schools as they are when the plan is applied, with what they have then (R11). */
  schoolSizes(): SchoolSizes {
    return listSchools([...this.#orgs.schools()].map((school) => this.#sizeOf(school)));
  }

  #sawChange({ op, kind, before, after, productIdBefore }: Change): void {
    const isActive = after.status === 'active';
    if (kind === 'org') this.#orgs.sawPlanned(after.line, isActive);
    if (op === 'reactivate' && before?.movedTo !== undefined && productIdBefore === undefined) {
      this.#returns++;
      if (this.#returning.length < NAMED_IDS) this.#returning.push(detached(idOfLine(after.line)));
    }
    if (!isSchoolKind(kind)) return;
    this.#schools.sawChange(kind, before?.status === 'active' ? before.line : null, isActive ? after.line : null);
  }

  #sizeOf({ sourcedId, name }: { readonly sourcedId: string; readonly name: string }): SchoolSize {
    const after = (kind: SchoolKind, measure: SchoolMeasure) =>
      this.#read.has(kind) ? this.#schools.after(sourcedId, measure) : null;
    return {
      sourcedId,
      name,
      students: after('user', 'students'),
      staff: after('user', 'staff'),
      classes: after('class', 'classes'),
      enrollments: after('enrollment', 'enrollments'),
    };
  }

  /** R11: another district's files. Only a full orgs.csv can say so: a delta may well hold nothing but new schools. */
  #holdOtherDistrict({ changes, files }: HoldInput['result']): Hold[] {
    const { add, update, reactivate, unchanged } = changes.orgs;
    const known = update + reactivate + unchanged;
    if (files['orgs']?.mode !== 'bulk' || known > 0 || add === 0 || this.#active.org === 0) return [];
    const none = add === 1 ? 'The only org of orgs.csv is not' : `None of the ${grouped(add)} orgs of orgs.csv is`;
    const message = `${none} known here: this looks like the export of another district.`;
    return [{ code: 'other-district', message, file: 'orgs', count: add }];
  }

  /** R12: the old id of a re-key comes back, while the work of its user is with the new one. */
  #holdReturns(): Hold[] {
    if (this.#returns === 0) return [];
    const unnamed = this.#returns - this.#returning.length;
    const ids = this.#returning.join(', ') + (unnamed === 0 ? '' : `, and ${grouped(unnamed)} more`);
    const message =
      this.#returns === 1
        ? `1 user would come back under a sourcedId that was replaced by a new one: ${ids}.`
        : `${grouped(this.#returns)} users would come back under sourcedIds that were replaced by new ones: ${ids}.`;
    return [{ code: 'moved-id-returns', message, file: 'users', count: this.#returns }];
  }
}

/** R12: many users vanish, and as many appear who agree with them. */
function holdRekey({ rekeyPairs: limit }: Limits, count: number): Hold[] {
  if (count <= limit) return [];
  const who = counted(count, ['user seems', 'users seem']);
  const message = `${who} to have a new sourcedId: they vanish and appear again under another one (the limit is ${grouped(limit)}).`;
  return [{ code: 'rekey', message, file: 'users', count, limit }];
}
