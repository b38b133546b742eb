import { idOfLine } from '../core/oneroster/record-line.ts';
import type { Change } from '../core/plan/change.ts';
import { REKEY_SECTION, sectionOf } from '../core/plan/sections.ts';
import type { RekeyPair } from '../core/rekey/find-pairs.ts';
import type { PlanStore } from '../ports/plan-store.ts';

/**
 * Writes the pairs of a finished plan once more, as what they are if a person approves them as a re-key (R12): the new
 * record gets the old one's productId, the old one a fresh one and `movedTo`, in one transaction.
 */
export async function writeRekeySection(plans: PlanStore, prefix: string, pairs: readonly RekeyPair[]): Promise<void> {
  if (pairs.length === 0) return;
  const added = await changesOf(plans, prefix, 'add', new Set(pairs.map(({ to }) => to)));
  const removed = await changesOf(plans, prefix, 'deactivate', new Set(pairs.map(({ from }) => from)));
  const writer = plans.writer(prefix);
  try {
    const changes = pairs.flatMap(({ from, to }) => {
      const [old, now] = [removed.get(from), added.get(to)];
      return old === undefined || now === undefined ? [] : [rekeyOf(old, now)];
    });
    await writer.write(REKEY_SECTION, changes);
    await writer.end();
  } catch (thrown) {
    await writer.abandon();
    throw thrown;
  }
}

/** The two changes of a pair, with their productIds changed over. */
export function rekeyOf(old: Change, now: Change): Change {
  const partner: Change = {
    ...old,
    productId: now.productId,
    productIdBefore: old.productId,
    after: { ...old.after, movedTo: idOfLine(now.after.line) },
  };
  const productIdBefore = now.before === null ? {} : { productIdBefore: now.productId };
  return { ...now, productId: old.productId, ...productIdBefore, partner };
}

async function changesOf(
  plans: PlanStore,
  prefix: string,
  op: 'add' | 'deactivate',
  ids: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Change>> {
  const found = new Map<string, Change>();
  for await (const batch of plans.readSection(prefix, sectionOf('user', op), 0))
    for (const change of batch) {
      const id = idOfLine(change.after.line);
      if (change.op === op && ids.has(id)) found.set(id, change);
    }
  return found;
}
