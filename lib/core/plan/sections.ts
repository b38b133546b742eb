import { RECORD_KINDS, type RecordKind } from '../oneroster/kinds.ts';
import type { ChangeOp } from './change.ts';

/** One part of a plan: all upserts or all removals of a kind. */
export interface PlanSection {
  /** File name stem of the section. */
  readonly name: string;
  readonly kind: RecordKind;
  readonly removal: boolean;
  /** R12: the pairs of a re-key, instead of an add and a removal each. Applied only if it was approved as one. */
  readonly rekey: boolean;
}

/**
 * The sections of a plan in the order of apply (design §4): first what is added or changed, each kind after the kinds
 * that it refers to, then what is removed in the reverse order. A reader of the table never meets an active record
 * whose required references were not there yet.
 */
export const PLAN_SECTIONS: readonly PlanSection[] = [
  ...RECORD_KINDS.flatMap((kind) => [
    ...(kind === 'user' ? [{ kind, removal: false, rekey: true }] : []),
    { kind, removal: false, rekey: false },
  ]),
  ...RECORD_KINDS.toReversed().map((kind) => ({ kind, removal: true, rekey: false })),
].map((section, index) => ({ name: nameOfSection(section, index), ...section }));

/** Numbered as before there were re-keys, so that plans of then can be read and undone. */
function nameOfSection(section: Omit<PlanSection, 'name'>, index: number): string {
  const rekeyAt = RECORD_KINDS.indexOf('user');
  const number = section.rekey ? 0 : index + (index < rekeyAt ? 1 : 0);
  return `${String(number).padStart(2, '0')}-${verbOf(section)}-${section.kind}`;
}

function verbOf({ removal, rekey }: { readonly removal: boolean; readonly rekey: boolean }): string {
  if (rekey) return 'rekey';
  return removal ? 'remove' : 'upsert';
}

/** The section of re-keyed users (R12). */
export const REKEY_SECTION: PlanSection = PLAN_SECTIONS.find((section) => section.rekey)!;

/** The section that a change belongs to. */
export function sectionOf(kind: RecordKind, op: ChangeOp): PlanSection {
  const removal = op === 'deactivate';
  return PLAN_SECTIONS.find((each) => each.kind === kind && each.removal === removal && !each.rekey)!;
}
