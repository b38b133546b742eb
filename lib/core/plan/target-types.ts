import type { FindingLog } from '../oneroster/finding-log.ts';
import { nameOf } from '../oneroster/kind-names.ts';
import type { RecordKind } from '../oneroster/kinds.ts';
import { valuesOfLine } from '../oneroster/record-line.ts';
import { storedColumnsOf } from '../oneroster/tables.ts';
import { ROW_USABLE, type RowStore } from './row-store.ts';

/** A reference whose target should be of one type (facts §6). */
interface Expectation {
  readonly column: string;
  /** Among the stored columns of the row's kind. */
  readonly index: number;
  readonly target: RecordKind;
  readonly type: string;
  /** For the message. */
  readonly wanted: string;
}

const at = (kind: RecordKind, column: string): number => storedColumnsOf(kind).findIndex(({ name }) => name === column);
const school = (kind: RecordKind): Expectation => ({
  column: 'schoolSourcedId',
  index: at(kind, 'schoolSourcedId'),
  target: 'org',
  type: 'school',
  wanted: 'a school',
});

const EXPECTATIONS: Readonly<Partial<Record<RecordKind, Expectation>>> = {
  class: school('class'),
  enrollment: school('enrollment'),
  course: {
    column: 'schoolYearSourcedId',
    index: at('course', 'schoolYearSourcedId'),
    target: 'academicSession',
    type: 'schoolYear',
    wanted: 'a school year',
  },
};

/** Says where rows refer to a record of the right kind but of another type. Knows the rows of this delivery only. */
export class TargetTypes {
  readonly #log: FindingLog;
  /** Ids of each kind whose type is another than the expected one. */
  readonly #astray = new Map<RecordKind, Set<string>>();
  readonly #said = new Set<string>();

  constructor(log: FindingLog) {
    this.#log = log;
  }

  /** The rows of a kind, before the rows that refer to it are read. */
  learn(kind: RecordKind, store: RowStore): void {
    const expected = Object.values(EXPECTATIONS).find(({ target }) => target === kind);
    if (expected === undefined) return;
    const astray = new Set<string>();
    const column = at(kind, 'type');
    for (let i = 0; i < store.count; i++) {
      if (store.state(i) !== ROW_USABLE) continue;
      const type = valuesOfLine(store.line(i))[column];
      // A vendor's own word may well mean a school.
      if (type !== expected.type && type?.startsWith('ext:') !== true) astray.add(store.id(i));
    }
    this.#astray.set(kind, astray);
  }

  /** Looks at a usable row; each target is said once for each file. */
  observe(kind: RecordKind, file: string, row: number, sourcedId: string, values: readonly string[]): void {
    const expected = EXPECTATIONS[kind];
    const astray = expected === undefined ? undefined : this.#astray.get(expected.target);
    if (expected === undefined || astray === undefined || astray.size === 0) return;
    const id = values[expected.index] ?? '';
    if (!astray.has(id) || this.#said.has(`${kind} ${id}`)) return;
    this.#said.add(`${kind} ${id}`);
    const { column, target, wanted } = expected;
    this.#log.add('wrong-target-type', { file, row, column, sourcedId }, { column, kind: nameOf(target), wanted });
  }
}
