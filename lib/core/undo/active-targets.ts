import type { RecordKind } from '../oneroster/kinds.ts';
import { idOfLine, valuesOfLine } from '../oneroster/record-line.ts';
import { storedColumnsOf } from '../oneroster/tables.ts';
import type { RecordStatus } from '../plan/change.ts';

const positionOf = (name: string): number => storedColumnsOf('enrollment').findIndex((column) => column.name === name);
const USER = positionOf('userSourcedId');
const CLASS = positionOf('classSourcedId');

/**
 * The users and classes that will not be active once an undo is done: no enrollment and no demographics may come back
 * for them (R5b).
 */
export class ActiveTargets {
  readonly #inactive = { user: new Set<string>(), class: new Set<string>() };

  /** Kinds whose records have to be seen, whether the undo is about them or not. */
  watches(kind: RecordKind): kind is 'user' | 'class' {
    return kind === 'user' || kind === 'class';
  }

  /** What a record will be; the last word counts. */
  note(kind: RecordKind, id: string, status: RecordStatus): void {
    if (!this.watches(kind)) return;
    if (status === 'active') this.#inactive[kind].delete(id);
    else this.#inactive[kind].add(id);
  }

  /** Whether a record of that line may be active. */
  allows(kind: RecordKind, line: string): boolean {
    if (kind === 'demographics') return !this.#inactive.user.has(idOfLine(line));
    if (kind !== 'enrollment') return true;
    const values = valuesOfLine(line);
    return !this.#inactive.user.has(values[USER] ?? '') && !this.#inactive.class.has(values[CLASS] ?? '');
  }
}
