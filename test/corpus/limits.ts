import type { Expectation, FileCounts } from './model.ts';
import { isSameCells, type Roster, type RosterRecord } from './roster.ts';
import { KINDS, type Kind } from './standard.ts';

/** R11's floors: so many removals of a kind never hold a plan. */
const FLOORS: Readonly<Record<Kind, number>> = {
  org: 0,
  academicSession: 0,
  course: 5,
  class: 5,
  user: 25,
  enrollment: 25,
  demographics: 25,
};

/** Records of a kind that go from active to inactive. */
export const removedOf = (kind: Kind, before: Roster, after: Roster): readonly string[] =>
  activeOf(kind, before).flatMap(([id]) => (after.get(kind)?.get(id)?.status === 'active' ? [] : [id]));

const activeOf = (kind: Kind, roster: Roster): readonly (readonly [string, RosterRecord])[] =>
  [...(roster.get(kind) ?? [])].filter(([, { status }]) => status === 'active');

/**
 * The limits of R11 and R12 that a plan crosses, worked out from its two ends alone. Empty: it need not be held.
 * `usual`: the rows of the last applied delivery.
 */
export function crossedLimits(
  before: Roster,
  expected: Expectation,
  usual: Readonly<Record<Kind, FileCounts>>,
): string[] {
  const { roster: after, counts } = expected;
  return [
    ...KINDS.flatMap((kind) => [...removals(kind, before, after), ...updates(kind, before, after)]),
    ...schools(before, after),
    ...KINDS.flatMap((kind) => files(kind, counts[kind], usual[kind])),
    ...strangers(before, expected),
    ...(rekeyed(before, after) > 10 ? [`re-key: ${rekeyed(before, after)} users agree with one who vanishes`] : []),
  ];
}

function removals(kind: Kind, before: Roster, after: Roster): string[] {
  const had = activeOf(kind, before).length;
  const lost = removedOf(kind, before, after).length;
  const tooMany = lost > FLOORS[kind] && lost > had * 0.1;
  return tooMany || (lost === had && had >= 2) ? [`removals: ${lost} of ${had} records of kind ${kind}`] : [];
}

function updates(kind: Kind, before: Roster, after: Roster): string[] {
  const had = activeOf(kind, before);
  const changed = had.filter(([id, record]) => {
    const now = after.get(kind)?.get(id);
    return now?.status === 'active' && !isSameCells(record, now);
  }).length;
  return changed > 25 && changed > had.length * 0.75
    ? [`updates: ${changed} of ${had.length} records of kind ${kind}`]
    : [];
}

const ORG_COLUMN = { user: 'orgSourcedIds', class: 'schoolSourcedId', enrollment: 'schoolSourcedId' } as const;

/** One school loses too many students or enrollments, or all that it has of something. */
function schools(before: Roster, after: Roster): string[] {
  const crossed: string[] = [];
  for (const [measure, kind] of [
    ['students', 'user'],
    ['users', 'user'],
    ['enrollments', 'enrollment'],
    ['classes', 'class'],
  ] as const) {
    const had = bySchool(before, kind, measure === 'students');
    const has = bySchool(after, kind, measure === 'students');
    for (const [school, ids] of had) {
      const lost = [...ids].filter((id) => !has.get(school)?.has(id)).length;
      const most = measure === 'students' || measure === 'enrollments';
      const tooMany = most && lost > 25 && lost > ids.size * 0.5;
      if (tooMany || (lost === ids.size && lost >= 2))
        crossed.push(`school ${school}: ${lost} of ${ids.size} ${measure}`);
    }
  }
  return crossed;
}

function bySchool(
  roster: Roster,
  kind: keyof typeof ORG_COLUMN,
  studentsOnly: boolean,
): ReadonlyMap<string, Set<string>> {
  const schools = new Map<string, Set<string>>();
  for (const [id, { cells }] of activeOf(kind, roster)) {
    if (studentsOnly && cells['role'] !== 'student') continue;
    for (const school of (cells[ORG_COLUMN[kind]] ?? '').split(',').filter((each) => each !== '')) {
      const ids = schools.get(school) ?? new Set();
      schools.set(school, ids.add(id));
    }
  }
  return schools;
}

/** Rows with an error, and rows that are not there any more. */
function files(kind: Kind, counts: FileCounts, usual: FileCounts): string[] {
  const { bulk, rows, errors } = counts;
  const invalid = rows > 0 && errors > rows * 0.05 && errors > usual.errors + 10;
  const dropped = bulk && usual.rows > 25 && rows < usual.rows * 0.5;
  return [
    ...(invalid ? [`invalid rows: ${errors} of ${rows} of kind ${kind}`] : []),
    ...(dropped ? [`row drop: ${rows} rows of kind ${kind}, had ${usual.rows}`] : []),
  ];
}

/** Another district's files: no org of a full orgs.csv is known. */
function strangers(before: Roster, { delivery, roster }: Expectation): string[] {
  const known = activeOf('org', before);
  const sent = (delivery.rows.get('org') ?? []).flatMap(({ id }) =>
    id !== null && roster.get('org')?.has(id) ? [id] : [],
  );
  if (known.length === 0 || sent.length === 0 || delivery.modes.get('org') !== 'bulk') return [];
  return sent.some((id) => before.get('org')?.has(id)) ? [] : ['another district: it shares no org'];
}

/** R12: users who vanish, and users who appear and agree with just one of them. */
function rekeyed(before: Roster, after: Roster): number {
  const vanished = removedOf('user', before, after).map((id) => before.get('user')?.get(id));
  const appeared = activeOf('user', after).flatMap(([id, record]) =>
    before.get('user')?.get(id)?.status === 'active' ? [] : [record],
  );
  const pairs = appeared.filter((record) =>
    ['identifier', 'username', 'email'].some((column) => {
      const value = record.cells[column];
      const twins = vanished.filter((each) => each?.cells[column] === value);
      const rivals = appeared.filter(({ cells }) => cells[column] === value);
      return value !== undefined && twins.length === 1 && rivals.length === 1;
    }),
  );
  return pairs.length;
}
