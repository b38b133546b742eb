import { RECORD_KINDS, type RecordKind } from '../oneroster/kinds.ts';
import type { ChangeOp } from './change.ts';

/** One part of a plan: all upserts or all removals of a kind. */
export interface PlanSection {
  /** File name stem of the section. */
  readonly name: string;
  readonly kind: RecordKind;
  readonly removal: boolean;
}

/**
 * The sections of a plan in the order of apply (design §4): first what is added or changed, each kind after the kinds
 * that it refers to, then what is removed in the reverse order. A reader of the table never meets an active record
 * whose required references were not there yet.
 */
export const PLAN_SECTIONS: readonly PlanSection[] = [
  ...RECORD_KINDS.map((kind) => ({ kind, removal: false })),
  ...RECORD_KINDS.toReversed().map((kind) => ({ kind, removal: true })),
].map(({ kind, removal }, index) => ({
  name: `${String(index + 1).padStart(2, '0')}-${removal ? 'remove' : 'upsert'}-${kind}`,
  kind,
  removal,
}));

/** The section that a change belongs to. */
export function sectionOf(kind: RecordKind, op: ChangeOp): PlanSection {
  const removal = op === 'deactivate';
  return PLAN_SECTIONS.find((section) => section.kind === kind && section.removal === removal)!;
}
