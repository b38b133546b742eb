import type { RecordKind } from '../oneroster/kinds.ts';
import { idOfLine, valuesOfLine } from '../oneroster/record-line.ts';
import { storedColumnsOf } from '../oneroster/tables.ts';
import { type Change, type RecordImage, type RecordStatus, recordsOf } from '../plan/change.ts';

const positionOf = (name: string): number => storedColumnsOf('enrollment').findIndex((column) => column.name === name);
const USER = positionOf('userSourcedId');
const CLASS = positionOf('classSourcedId');

/** What a record belongs to: `user u1`, `class c1`. */
function targetsOf(kind: RecordKind, line: string): readonly string[] {
  if (kind === 'demographics') return [`user ${idOfLine(line)}`];
  if (kind !== 'enrollment') return [];
  const values = valuesOfLine(line);
  return [`user ${values[USER] ?? ''}`, `class ${values[CLASS] ?? ''}`];
}

/**
 * The users and classes that will not be active once an undo is done: no enrollment and no demographics may come back
 * for them (R5b). One that belonged to them before the sync, or does now, is no worse for it: an undo gives back what was
 * (R14).
 */
export class ActiveTargets {
  readonly #inactive = new Set<string>();
  /** Those that were not active before the undone sync, as far as it changed them. */
  readonly #wereInactive = new Set<string>();
  /** Those that an undo by force would bring back. */
  readonly #byForce = new Set<string>();

  /** Kinds whose records have to be seen, whether the undo is about them or not. */
  watches(kind: RecordKind): kind is 'user' | 'class' {
    return kind === 'user' || kind === 'class';
  }

  /** A change that the undone sync made, whether the undo is about it or not. */
  sawApplied(change: Change): void {
    for (const { kind, before } of recordsOf(change))
      if (this.watches(kind) && before?.status === 'inactive')
        this.#wereInactive.add(`${kind} ${idOfLine(before.line)}`);
  }

  /** What a record will be; the last word counts. */
  note(kind: RecordKind, id: string, status: RecordStatus): void {
    if (!this.watches(kind)) return;
    if (status === 'active') this.#inactive.delete(`${kind} ${id}`);
    else this.#inactive.add(`${kind} ${id}`);
  }

  /** A record that is left alone, and that an undo by force would make `target`. */
  noteForced(kind: RecordKind, target: RecordImage): void {
    if (this.watches(kind) && target.status === 'active') this.#byForce.add(`${kind} ${idOfLine(target.line)}`);
  }

  /** Whether a record that is `now` may become `target`; `forced`: if the undo were forced. */
  allows(kind: RecordKind, now: RecordImage, target: RecordImage, forced = false): boolean {
    if (target.status === 'inactive') return true;
    const lost = targetsOf(kind, target.line).filter(
      (each) => this.#inactive.has(each) && !this.#wereInactive.has(each) && !(forced && this.#byForce.has(each)),
    );
    if (lost.length === 0) return true;
    const has = now.status === 'active' ? targetsOf(kind, now.line) : [];
    return lost.every((each) => has.includes(each));
  }
}
