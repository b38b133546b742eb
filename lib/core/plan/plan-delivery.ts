import { type Survey, type SurveyedFile, surveyUpload } from '../delivery/survey.ts';
import { FindingLog } from '../oneroster/finding-log.ts';
import { readHeader } from '../oneroster/header.ts';
import { nameOf } from '../oneroster/kind-names.ts';
import { FILE_OF_KIND, RECORD_KINDS, type RecordKind } from '../oneroster/kinds.ts';
import { idOfLine, valuesOfLine } from '../oneroster/record-line.ts';
import { type DerivedCells, RowReader } from '../oneroster/row-reader.ts';
import { storedColumnsOf } from '../oneroster/tables.ts';
import { headerColumnsOf, readColumnsOf } from '../oneroster/version-1p2.ts';
import { contentHash } from '../proof/content-hash.ts';
import type { StoredRecord } from './change.ts';
import { ChangeWriter, noChanges } from './change-writer.ts';
import { compareKind, noteStaying } from './compare-kind.ts';
import { type FileRole, KindIndex, ReferenceIndex, type Resolution } from './kind-index.ts';
import type { FileTotals, PlanInput, PlanResult, PlanWatch } from './plan-input.ts';
import { type RoleRows, readRoles } from './read-roles.ts';
import { RowGatherer, type RowTotals, readRows } from './read-rows.ts';
import { RowObserver } from './row-observer.ts';
import { RowStore } from './row-store.ts';
import { UserRoles } from './user-roles.ts';

/**
 * Plans a delivery: reads its files kind by kind in the order of their references, compares each with the table field
 * by field, and hands the changes on as they are found (R1–R10). Streams: what it keeps of a kind are ids and line
 * bytes, never parsed objects. Pure: the same input gives the same plan, productIds of added records aside.
 * Where the verdict is not `accepted`, nothing of what was written may be used (R7, R16).
 */
export async function planDelivery(input: PlanInput): Promise<PlanResult> {
  const log = new FindingLog(input.findingLimit);
  const survey = await surveyUpload(input.upload, log);
  const planning = new Planning(input, survey, log);
  if (survey.verdict !== 'incomplete') {
    for (const kind of RECORD_KINDS) await planning.planKind(kind);
    await planning.removeMissing();
    input.watch?.finish(log, survey.files.get('users')?.name ?? null);
  }
  return planning.result();
}

class Planning {
  readonly #in: PlanInput;
  readonly #survey: Survey;
  readonly #log: FindingLog;
  readonly #writer: ChangeWriter;
  readonly #observer: RowObserver;
  readonly #references = new ReferenceIndex();
  readonly #files: Record<string, FileTotals> = {};
  readonly #totals: Record<string, RowTotals> = {};
  readonly #content: string[] = [];
  #roles: RoleRows | null = null;
  #userRoles: DerivedCells | null = null;
  #rejected: boolean;

  constructor(input: PlanInput, survey: Survey, log: FindingLog) {
    this.#in = input.watch === undefined ? input : watched(input, input.watch);
    this.#survey = survey;
    this.#log = log;
    this.#writer = new ChangeWriter(this.#in);
    this.#observer = new RowObserver(log);
    this.#rejected = survey.verdict === 'rejected';
    for (const surveyed of survey.files.values()) this.#count(surveyed, null);
  }

  async planKind(kind: RecordKind): Promise<void> {
    if (kind === 'user') await this.#beforeUsers();
    await this.#compare(kind);
    if (kind === 'user') this.#afterUsers();
  }

  async #compare(kind: RecordKind): Promise<void> {
    const surveyed = this.#survey.files.get(FILE_OF_KIND[kind]);
    const { role, gatherer } = await this.#readFile(kind, surveyed);
    const index = new KindIndex(kind, role, gatherer?.store ?? new RowStore());
    this.#references.set(index);
    const stored = kind !== 'demographics' || this.#in.storeDemographics;
    if (role === 'unreadable' || !stored) return;
    if (role === 'silent') {
      if (isReferredTo(kind)) await noteStaying(index, this.#in.readTable(kind));
      return;
    }
    const file = surveyed!.name;
    const resolve = this.#resolver(surveyed!.mode === 'delta');
    await compareKind({
      index,
      references: this.#references,
      resolve,
      records: this.#in.readTable(kind),
      writer: this.#writer,
      log: this.#log,
      file,
      withheld: this.#withholds(kind, role, gatherer!.totals, file),
      goesWithUser: (record) => this.#goesWithUser(record),
    });
  }

  /** R5b: missing orgs, sessions, courses and classes go only if nothing of this delivery refers to them. */
  async removeMissing(): Promise<void> {
    for (const kind of RECORD_KINDS) {
      const index = this.#references.get(kind);
      if (index === undefined) continue;
      for (const [id, record] of index.missing) {
        if (!index.kept.has(id)) this.#writer.deactivate(record);
        else {
          const file = this.#survey.files.get(FILE_OF_KIND[kind])?.name ?? null;
          this.#log.add('kept-because-referred', { file, sourcedId: id }, { kind: nameOf(kind).replace(/^an? /, '') });
        }
      }
    }
    await this.#writer.flush();
  }

  result(): PlanResult {
    const { verdict, version } = this.#survey;
    const counts = (pick: (totals: RowTotals) => number) =>
      Object.fromEntries(Object.entries(this.#totals).map(([file, totals]) => [file, pick(totals)]));
    const accepted = verdict === 'accepted' && !this.#rejected;
    return {
      verdict: this.#rejected ? 'rejected' : verdict,
      version,
      files: this.#files,
      changes: accepted ? this.#writer.counts : noChanges(),
      findings: this.#log.list(),
      findingCounts: this.#log.counts,
      content: this.#content.join(' '),
      profile: {
        rows: counts((totals) => totals.rows),
        invalidRows: counts((totals) => totals.errors),
        unreadableRows: this.#ofBulk((totals) => totals.unreadable),
        bulkRows: this.#ofBulk((totals) => totals.rows),
        endsWithLineEnd: this.#lineEnds(),
      },
    };
  }

  /** Only a full file says how many rows, and how many stray ones, are usual in it (R5, R11). */
  #ofBulk(pick: (totals: RowTotals) => number): Record<string, number> {
    const bulk = Object.entries(this.#totals).filter(([file]) => this.#files[file]?.mode === 'bulk');
    return Object.fromEntries(bulk.map(([file, totals]) => [file, pick(totals)]));
  }

  #lineEnds(): Record<string, boolean> {
    const ends = Object.entries(this.#totals).map(([file, { endsWithLineEnd }]) => [file, endsWithLineEnd] as const);
    return Object.fromEntries(ends.filter((each): each is readonly [string, boolean] => each[1] !== undefined));
  }

  async #beforeUsers(): Promise<void> {
    for await (const batch of this.#in.readManualUsers()) this.#observer.addManualUsers(batch);
    if (this.#survey.version === '1.2') this.#userRoles = await this.#readRoles();
  }

  /** R9: what 1.2 moved from users.csv to roles.csv. Null where that file is unreadable. */
  async #readRoles(): Promise<DerivedCells> {
    const surveyed = this.#survey.files.get('roles');
    if (surveyed !== undefined && surveyed.mode !== 'absent') {
      const resolve = this.#resolver(surveyed.mode === 'delta');
      const { totals, rows } = await readRoles(surveyed, resolve, this.#log);
      this.#count(surveyed, totals);
      if (rows === null) {
        this.#rejected = true;
        return new UserRoles(false);
      }
      this.#roles = rows;
    }
    const withheld = this.#withholdsRoles();
    const whole = this.#roles?.whole ?? false;
    const users = new UserRoles(whole || (this.#in.tableIsKnown && this.#in.upload.packaging !== 'file'));
    this.#roles?.fill(users);
    // R5, R6: what the delivery does not say is what the table has.
    if (!whole || withheld) for await (const batch of this.#in.readTable('user')) users.addKnown(batch);
    return users;
  }

  #afterUsers(): void {
    const surveyed = this.#survey.files.get('roles');
    if (surveyed === undefined || this.#roles === null) return;
    const users = this.#references.get('user')?.store;
    this.#roles.checkUsers((id) => (users?.find(id) ?? -1) >= 0, this.#resolver(surveyed.mode === 'delta'));
    this.#count(surveyed, this.#roles.totals);
  }

  #withholdsRoles(): boolean {
    const last = this.#in.lastUnreadableRows as Readonly<Record<string, number | undefined>>;
    const count = this.#roles?.unnamed ?? 0;
    if (count <= (last['roles'] ?? 0)) return false;
    this.#log.add('roles-withheld', { file: this.#survey.files.get('roles')?.name ?? null }, { count });
    return true;
  }

  /** Header and rows of a kind's file. */
  async #readFile(
    kind: RecordKind,
    surveyed: SurveyedFile | undefined,
  ): Promise<{ role: FileRole; gatherer: RowGatherer | null }> {
    if (surveyed === undefined || surveyed.mode === 'absent') return { role: 'silent', gatherer: null };
    const { mode, name } = surveyed;
    const spec = { ...headerColumnsOf(kind, this.#survey.version), mode };
    const header = surveyed.header === null ? null : readHeader(surveyed.header, spec, name, this.#log);
    if (header === null) return this.#unreadable();
    const reader = new RowReader({
      kind,
      file: name,
      mode,
      header,
      log: this.#log,
      resolve: this.#resolver(mode === 'delta'),
      columns: readColumnsOf(kind, this.#survey.version),
      ...(kind === 'user' && this.#userRoles !== null ? { derived: this.#userRoles } : {}),
    });
    const gatherer = new RowGatherer(reader, name, this.#log, (row, { sourcedId, values }) =>
      this.#observer.observe(kind, name, row, sourcedId, values),
    );
    const file = FILE_OF_KIND[kind];
    const told = (rows: number) => this.#in.onProgress?.({ file, rows });
    const sound = await readRows(surveyed.entry.read(), gatherer, name, this.#log, told);
    if (sound) this.#observer.finish(kind, name, gatherer.store);
    this.#count(surveyed, gatherer.totals);
    if (!sound) return this.#unreadable();
    this.#content.push(`${file}:${mode}:${gatherer.totals.rows}:${contentHash(gatherer.store)}`);
    if (gatherer.totals.rows > 0) return { role: mode, gatherer };
    this.#log.add('header-only', { file: name });
    return { role: 'silent', gatherer: null };
  }

  #unreadable(): { role: FileRole; gatherer: null } {
    this.#rejected = true;
    return { role: 'unreadable', gatherer: null };
  }

  #count(surveyed: SurveyedFile, totals: RowTotals | null): void {
    const { rows, valid, errors } = totals ?? { rows: 0, valid: 0, errors: 0 };
    this.#files[surveyed.file] = { mode: surveyed.mode, rows, valid, errors };
    if (totals !== null) this.#totals[surveyed.file] = totals;
  }

  /**
   * References from a file. What a single CSV refers to is not here; and a delta may refer to records that were sent
   * earlier, which only the table of its district knows.
   */
  #resolver(delta: boolean): (kind: RecordKind, id: string) => Resolution {
    const undecidable = this.#in.upload.packaging === 'file' || (delta && this.#in.tableIsKnown === false);
    return (kind, id) => {
      const found = this.#references.resolve(kind, id);
      return found === 'unresolved' && undecidable ? 'unknown' : found;
    };
  }

  /** R5: more rows with an unreadable sourcedId than last time, so nobody knows who is missing. */
  #withholds(kind: RecordKind, role: FileRole, totals: RowTotals, file: string): boolean {
    const usual = this.#in.lastUnreadableRows[FILE_OF_KIND[kind]] ?? 0;
    if (role !== 'bulk' || totals.unreadable <= usual) return false;
    this.#log.add('removals-withheld', { file }, { count: totals.unreadable, file });
    return true;
  }

  /** R5b: enrollments and demographics go with a user whom a bulk users.csv removes. */
  #goesWithUser(record: StoredRecord): boolean {
    const removed = this.#references.get('user')?.removedUsers;
    if (removed === undefined || removed.size === 0) return false;
    if (record.kind === 'demographics') return removed.has(idOfLine(record.line));
    return record.kind === 'enrollment' && removed.has(valuesOfLine(record.line)[ENROLLMENT_USER] ?? '');
  }
}

/** The same input, with a watch on its streams. */
const watched = (input: PlanInput, watch: PlanWatch): PlanInput => ({
  ...input,
  async *readTable(kind) {
    watch.startTable(kind);
    for await (const batch of input.readTable(kind)) {
      watch.sawTable(kind, batch);
      yield batch;
    }
  },
  async write(section, changes) {
    watch.sawChanges(changes);
    await input.write(section, changes);
  },
});

const ENROLLMENT_USER = storedColumnsOf('enrollment').findIndex(({ name }) => name === 'userSourcedId');

const isReferredTo = (kind: RecordKind): boolean => kind !== 'enrollment' && kind !== 'demographics';
