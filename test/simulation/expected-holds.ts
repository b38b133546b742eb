import type { HoldCode } from '../../lib/core/limits/hold.ts';
import type { Limits } from '../../lib/core/limits/limit-settings.ts';
import { RECORD_KINDS, type RecordKind } from '../../lib/core/oneroster/kinds.ts';
import type { ChangeCounts } from '../../lib/core/plan/change.ts';
import type { PlannedTable } from './expected-table.ts';
import { cellOf, isSame, listOf, type RecordLook } from './table-look.ts';

/** How a file of a delivery was read, as the plan's summary says it. */
export type ReadFiles = Readonly<
  Record<string, { readonly mode: 'absent' | 'bulk' | 'delta'; readonly rows: number; readonly errors: number }>
>;

/** What a plan is measured by: limits of the day, and what the files of the last applied delivery were like. */
export interface Measured {
  readonly limits: Limits;
  readonly planned: PlannedTable;
  readonly files: ReadFiles;
  /** What the plan counts for orgs.csv: which of its rows are known. */
  readonly orgCounts: ChangeCounts;
  /** Rows of each file when it last came in full. */
  readonly lastRows: Readonly<Record<string, number>>;
  readonly lastErrors: Readonly<Record<string, number>>;
}

/** R11, read plainly: compares the table before and after, record by record. */
export function demandedHolds({
  limits,
  planned,
  files,
  orgCounts,
  lastRows,
  lastErrors,
}: Measured): ReadonlySet<HoldCode> {
  const codes = new Set<HoldCode>();
  const changes = changesOf(planned);
  for (const kind of RECORD_KINDS) {
    const ofKind = changes.filter((change) => change.kind === kind);
    const active = ofKind.filter(({ before }) => before?.status === 'active');
    const gone = active.filter(({ after }) => after.status === 'inactive').length;
    if (tooMany(gone, active.length, limits.removals.share, limits.removals.floors[kind])) codes.add('removals');
    if (all(gone, active.length, limits)) codes.add('removals');
    const changed = active.filter(({ before, after }) => after.status === 'active' && !isSame(before, after)).length;
    if (tooMany(changed, active.length, limits.updates.share, limits.updates.floor)) codes.add('updates');
  }
  if (losesSchools(limits, changes)) codes.add('school-removals');
  if (changes.some(({ before, after }) => (before?.movedTo ?? null) !== null && after.status === 'active'))
    codes.add('moved-id-returns');
  if (planned.pairs.length > limits.rekeyPairs) codes.add('rekey');
  // A full orgs.csv of which the table knows no org, though it has active ones.
  const { add, update, reactivate, unchanged } = orgCounts;
  const hadOrgs = changes.some(({ kind, before }) => kind === 'org' && before?.status === 'active');
  if (files['orgs']?.mode === 'bulk' && add > 0 && update + reactivate + unchanged === 0 && hadOrgs)
    codes.add('other-district');
  for (const [file, { mode, rows, errors }] of Object.entries(files)) {
    const had = lastRows[file] ?? 0;
    if (mode === 'bulk' && had > limits.rowDrop.floor && rows / had < limits.rowDrop.share) codes.add('row-drop');
    const more = errors - (lastErrors[file] ?? 0);
    if (rows > 0 && errors / rows > limits.invalidRows.share && more > limits.invalidRows.floor)
      codes.add('invalid-rows');
  }
  return codes;
}

interface Changed {
  readonly kind: RecordKind;
  readonly before: RecordLook | undefined;
  readonly after: RecordLook;
}

const changesOf = ({ before, after }: PlannedTable): Changed[] =>
  [...after].map(([key, look]) => ({ kind: look.kind, before: before.get(key), after: look }));

const tooMany = (count: number, of: number, share: number, floor: number): boolean =>
  count > floor && count > 0 && count / of > share;

const all = (count: number, of: number, { losesAll }: Limits): boolean =>
  losesAll !== null && count === of && of >= losesAll;

/** Students and enrollments by share, users and classes where all go. */
function losesSchools(limits: Limits, changes: readonly Changed[]): boolean {
  const measures = [
    { share: true, schools: (look: RecordLook) => (isStudent(look) ? orgsOf(look) : []) },
    { share: false, schools: orgsOf },
    { share: true, schools: (look: RecordLook) => oneSchool(look, 'enrollment') },
    { share: false, schools: (look: RecordLook) => oneSchool(look, 'class') },
  ];
  return measures.some(({ share, schools }) => {
    const counts = new Map<string, { had: number; lost: number }>();
    for (const { before, after } of changes) {
      if (before?.status !== 'active') continue;
      const kept = after.status === 'active' ? schools(after) : [];
      for (const school of schools(before)) {
        const count = counts.get(school) ?? { had: 0, lost: 0 };
        count.had++;
        if (!kept.includes(school)) count.lost++;
        counts.set(school, count);
      }
    }
    const { share: most, floor } = limits.schoolRemovals;
    return [...counts.values()].some(
      ({ had, lost }) => lost > 0 && ((share && tooMany(lost, had, most, floor)) || all(lost, had, limits)),
    );
  });
}

const isStudent = (look: RecordLook): boolean => look.kind === 'user' && cellOf(look, 'role') === 'student';
const orgsOf = (look: RecordLook): readonly string[] =>
  look.kind === 'user' ? listOf(cellOf(look, 'orgSourcedIds')) : [];
const oneSchool = (look: RecordLook, kind: RecordKind): readonly string[] =>
  look.kind === kind ? listOf(cellOf(look, 'schoolSourcedId')) : [];
