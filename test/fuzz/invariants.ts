import { recogniseFileName } from '../../lib/core/delivery/file-names.ts';
import type { Finding } from '../../lib/core/oneroster/finding.ts';
import { FINDING_KINDS } from '../../lib/core/oneroster/finding-codes.ts';
import {
  FILE_OF_KIND,
  KIND_OF_FILE,
  RECORD_KINDS,
  type RecordKind,
  type RosterFile,
} from '../../lib/core/oneroster/kinds.ts';
import { idOfLine } from '../../lib/core/oneroster/record-line.ts';
import type { Change } from '../../lib/core/plan/change.ts';
import type { PlanResult } from '../../lib/core/plan/plan-input.ts';
import type { ModelTable } from '../support/model-table.ts';
import { CANARY } from './base-export.ts';
import { plainRows } from './damaged-rows.ts';
import type { DamagedExport } from './fuzz-case.ts';

/** What is true of every plan, whatever was sent; broken ones as a sentence each, with the invariant's name first. */
export function brokenByPlan(
  damaged: DamagedExport,
  table: ModelTable,
  result: PlanResult,
  changes: readonly Change[],
): string[] {
  return [
    ...brokenPlaces(result.findings),
    ...brokenPrivacy(result.findings, damaged.shifted),
    ...brokenCounts(result),
    ...(result.verdict === 'incomplete' && changes.length > 0 ? ['R16: an incomplete delivery wrote changes'] : []),
    ...(result.verdict === 'rejected' && result.findingCounts.error === 0 ? ['R7: rejected without an error'] : []),
    ...(result.verdict !== 'accepted' && plannedChanges(result) > 0 ? ['R7: a refused delivery plans changes'] : []),
    ...(damaged.untouched ? brokenSoundness(result) : []),
    ...(result.verdict === 'accepted' ? brokenChanges(damaged, table, result, changes) : []),
  ];
}

const plannedChanges = ({ changes }: PlanResult): number =>
  Object.values(changes).reduce((sum, { add, update, deactivate, reactivate }) => {
    return sum + add + update + deactivate + reactivate;
  }, 0);

/** A delta may refer to records that are inactive by now. */
function brokenSoundness({ verdict, files, findingCounts }: PlanResult): string[] {
  const full = Object.values(files).every(({ mode }) => mode !== 'delta');
  return [
    ...(verdict === 'accepted' ? [] : [`R8: a sound export is ${verdict}`]),
    ...(full && findingCounts.error > 0 ? ['R8: a sound export has errors'] : []),
  ];
}

/** Codes that are about the upload, not about one of its files. */
const OF_THE_UPLOAD =
  /^(zip-.*|look-alike|no-roster-file|enclosing-folder|manifest-missing|version-1\.0|version-1\.2-shape|duplicate-file)$/;

function brokenPlaces(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ code, file, row, message, hint }) => [
    ...(code in FINDING_KINDS ? [] : [`place: ${code} is no known code`]),
    ...(file === null && !OF_THE_UPLOAD.test(code) ? [`place: ${code} names no file`] : []),
    ...(row !== null && !(Number.isInteger(row) && row > 0) ? [`place: ${code} has row ${row}`] : []),
    ...(/\{[a-z]+\}/.test(`${message}${hint}`) && code !== 'bad-user-id' ? [`place: ${code} has an open blank`] : []),
  ]);
}

function brokenPrivacy(findings: readonly Finding[], shifted: boolean): string[] {
  return findings.flatMap(({ sourcedId, ...said }) => [
    ...(JSON.stringify(said).includes(CANARY) ? [`privacy: ${said.code} shows a cell`] : []),
    ...(!shifted && sourcedId?.includes(CANARY) ? [`privacy: ${said.code} takes another cell for an id`] : []),
  ]);
}

function brokenCounts({ files, findingCounts, findings }: PlanResult): string[] {
  const { error, warning, info, byCode } = findingCounts;
  const sum = Object.values(byCode).reduce((total, count) => total + count, 0);
  return [
    ...Object.entries(files)
      .filter(([, { rows, valid, errors }]) => valid + errors !== rows || Math.min(valid, errors) < 0)
      .map(([file, totals]) => `rows: ${file} ${JSON.stringify(totals)}`),
    ...(sum === error + warning + info && findings.length === sum ? [] : ['rows: findings are not counted in full']),
  ];
}

function brokenChanges(
  damaged: DamagedExport,
  table: ModelTable,
  result: PlanResult,
  changes: readonly Change[],
): string[] {
  const byId = new Map(changes.map((change) => [`${change.kind} ${idOfLine(change.after.line)}`, change]));
  const twice = changes.length - byId.size;
  return [
    ...(twice > 0 ? [`changes: ${twice} records are changed twice`] : []),
    ...changes.flatMap((change) => brokenChange(change, table)),
    ...brokenTotals(result, changes),
    ...protectedIds(damaged, result).flatMap(({ kind, id, why, mayLeave }) => {
      const change = byId.get(`${kind} ${id}`);
      return change === undefined || (mayLeave && change.op === 'deactivate')
        ? []
        : [`R5: ${change.op} of ${kind} ${id}, which a damaged row names (${why})`];
    }),
    ...RECORD_KINDS.flatMap((kind) => brokenRemovals(kind, result, changes)),
  ];
}

function brokenChange({ op, kind, before, after, productId }: Change, table: ModelTable): string[] {
  const id = idOfLine(after.line);
  const known = table.get(kind, id);
  const name = `changes: ${op} of ${kind} ${id}`;
  if (before === null) return known === undefined && op === 'add' ? [] : [`${name}, which the table has`];
  if (known === undefined) return [`${name}, which the table does not have`];
  const same = known.line === before.line && known.status === before.status && known.productId === productId;
  const needless = op === 'update' && known.sound && before.line === after.line && before.status === after.status;
  return [
    ...(same ? [] : [`${name} does not start from the table`]),
    ...(needless ? [`${name} changes nothing`] : []),
    ...(op === 'deactivate' && (before.status !== 'active' || after.line !== before.line) ? [`${name} does more`] : []),
  ];
}

function brokenTotals({ changes: counts }: PlanResult, changes: readonly Change[]): string[] {
  return RECORD_KINDS.flatMap((kind) =>
    (['add', 'update', 'deactivate', 'reactivate'] as const)
      .filter(
        (op) =>
          counts[FILE_OF_KIND[kind]][op] !== changes.filter((each) => each.kind === kind && each.op === op).length,
      )
      .map((op) => `changes: ${op} of ${kind} is counted wrongly`),
  );
}

/** R4, R5, R6: who may lose records at all. */
function brokenRemovals(kind: RecordKind, { files, profile }: PlanResult, changes: readonly Change[]): string[] {
  const file = FILE_OF_KIND[kind];
  const totals = files[file];
  const ofKind = changes.filter((change) => change.kind === kind);
  const removed = ofKind.filter(({ op }) => op === 'deactivate').length;
  const silent = totals === undefined || totals.mode === 'absent' || totals.rows === 0;
  const withheld = totals?.mode === 'bulk' && (profile.unreadableRows[file] ?? 0) > 0;
  return [
    ...(silent && ofKind.length > 0 ? [`R6: ${kind} changes, but its file has no rows`] : []),
    ...(withheld && removed > 0 ? [`R5: ${kind} loses records, but rows of its file are unreadable`] : []),
  ];
}

/** A record that a damaged row names. */
interface Protected {
  readonly kind: RecordKind;
  readonly id: string;
  readonly why: string;
  /** Only its row in another file says whether the record goes. */
  readonly mayLeave: boolean;
}

/**
 * What rows with an error name: by the finding itself, and by the physical row that it points at. A damaged row of
 * roles.csv (1.2) must not change its user; whether the user goes is for users.csv to say.
 */
function protectedIds(damaged: DamagedExport, { findings }: PlanResult): Protected[] {
  const { idOf, cellOf } = plainRows(damaged.files);
  const errors = findings.filter(({ severity, code }) => severity === 'error' && code !== 'user-removed');
  return errors.flatMap(({ code, file, row, sourcedId }) => {
    const named = file === null ? null : (recogniseFileName(file)?.file ?? null);
    if (named === null) return [];
    const why = `${code} in ${file} row ${row}`;
    const readable = row !== null && code !== 'row-too-long';
    const mayLeave = named === 'roles';
    const kind = mayLeave ? 'user' : named in KIND_OF_FILE ? KIND_OF_FILE[named as RosterFile] : null;
    if (kind === null) return [];
    const written = mayLeave ? cellOf : idOf;
    const ids = [mayLeave ? null : sourcedId, readable ? written(file!, row, 'userSourcedId') : null];
    return ids.flatMap((id) => (id === null || id === '' ? [] : [{ kind, id, why, mayLeave }]));
  });
}
