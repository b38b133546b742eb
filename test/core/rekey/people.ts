import type { RecordKind } from '../../../lib/core/oneroster/kinds.ts';
import { joinLine } from '../../../lib/core/oneroster/record-line.ts';
import { storedColumnsOf } from '../../../lib/core/oneroster/tables.ts';
import type { Change } from '../../../lib/core/plan/change.ts';
import { RekeyFinder, type RekeyResult } from '../../../lib/core/rekey/find-pairs.ts';

/** A user of one side, as far as agreements look at them. */
export interface Person {
  readonly id: string;
  readonly role?: string;
  readonly identifier?: string;
  readonly username?: string;
  readonly email?: string;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly grades?: string;
  readonly orgSourcedIds?: string;
  readonly birthDate?: string;
}

function lineOf(kind: RecordKind, { id, ...cells }: Person): string {
  const given: Readonly<Record<string, string | undefined>> = { role: 'student', ...cells };
  return joinLine(
    id,
    storedColumnsOf(kind).map(({ name }) => given[name] ?? ''),
  );
}

const gone = (kind: RecordKind, person: Person): Change => {
  const line = lineOf(kind, person);
  return {
    op: 'deactivate',
    kind,
    productId: person.id,
    before: { status: 'active', line },
    after: { status: 'inactive', line },
  };
};

const come = (kind: RecordKind, person: Person): Change => ({
  op: 'add',
  kind,
  productId: person.id,
  before: null,
  after: { status: 'active', line: lineOf(kind, person) },
});

/** The changes of a plan in which some vanish and others appear, with the demographics of those who have a birth date. */
export const changesOf = (from: readonly Person[], to: readonly Person[]): Change[] => {
  const born = ({ birthDate }: Person) => birthDate !== undefined;
  return [
    ...to.map((each) => come('user', each)),
    ...to.filter(born).map((each) => come('demographics', each)),
    ...from.filter(born).map((each) => gone('demographics', each)),
    ...from.map((each) => gone('user', each)),
  ];
};

export function pairsOf(changes: readonly Change[]): RekeyResult {
  const finder = new RekeyFinder();
  finder.sawChanges(changes.slice(0, 2));
  finder.sawChanges(changes.slice(2));
  return finder.result();
}

/** 'a>x by username' for each pair. */
export const inWords = ({ pairs }: RekeyResult): string[] => pairs.map(({ from, to, by }) => `${from}>${to} by ${by}`);
