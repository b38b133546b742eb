import { idOfLine } from '../core/oneroster/record-line.ts';
import type { Change } from '../core/plan/change.ts';
import { REKEY_SECTION, sectionOf } from '../core/plan/sections.ts';
import type { RekeyPair } from '../core/rekey/find-pairs.ts';
import type { PlanStore } from '../ports/plan-store.ts';

/**
 * Writes the pairs of a finished plan once more, as what they are if a person approves them as a re-key (R12): the new
 * record gets the old one's productId, the old one a fresh one and `movedTo`, in one transaction. Returns how many were written.
 */
export async function writeRekeySection(
  plans: PlanStore,
  prefix: string,
  pairs: readonly RekeyPair[],
  beat: () => Promise<void>,
): Promise<number> {
  if (pairs.length === 0) return 0;
  const added = await changesOf(plans, prefix, 'add', new Set(pairs.map(({ to }) => to)), beat);
  const removed = await changesOf(plans, prefix, 'deactivate', new Set(pairs.map(({ from }) => from)), beat);
  const writer = plans.writer(prefix);
  let written = 0;
  try {
    for (let start = 0; start < pairs.length; start += BATCH) {
      await beat();
      const changes = pairs.slice(start, start + BATCH).flatMap(({ from, to }) => {
        const [old, now] = [removed.get(from), added.get(to)];
        // A record whose productId was destroyed has no work that could move.
        const lacks = old === undefined || now === undefined || old.productIdBefore !== undefined;
        return lacks ? [] : [rekeyOf(old, now)];
      });
      written += changes.length;
      await writer.write(REKEY_SECTION, changes);
    }
    await writer.end();
    return written;
  } catch (thrown) {
    await writer.abandon();
    throw thrown;
  }
}

/** Pairs that are written at a time. */
const BATCH = 500;

/** The two changes of a pair, with their productIds changed over. */
export function rekeyOf(old: Change, now: Change): Change {
  const partner: Change = {
    ...old,
    productId: now.productId,
    productIdBefore: old.productId,
    after: { ...old.after, movedTo: idOfLine(now.after.line) },
  };
  const productIdBefore = now.before === null ? {} : { productIdBefore: now.productIdBefore ?? now.productId };
  return { ...now, productId: old.productId, ...productIdBefore, partner };
}

async function changesOf(
  plans: PlanStore,
  prefix: string,
  op: 'add' | 'deactivate',
  ids: ReadonlySet<string>,
  beat: () => Promise<void>,
): Promise<ReadonlyMap<string, Change>> {
  const found = new Map<string, Change>();
  for await (const batch of plans.readSection(prefix, sectionOf('user', op), 0)) {
    await beat();
    for (const change of batch) {
      const id = idOfLine(change.after.line);
      if (ids.has(id)) found.set(id, change);
    }
  }
  return found;
}
