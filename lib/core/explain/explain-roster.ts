import { grouped } from '../limits/hold-words.ts';
import { listed, momentOf } from './explain-words.ts';
import type { ExplanationLine } from './explanation.ts';
import type { HeldFacts, NamedRecord, UserFacts } from './user-facts.ts';

/** What the roster itself says about the chosen user. */
export function explainRecord(facts: UserFacts): readonly ExplanationLine[] {
  const record = facts.user?.record ?? null;
  const lines: ExplanationLine[] = [];
  if (record === null) {
    lines.push({ code: 'not-in-roster', text: 'Not in the roster: no sync has added them.' });
    return lines;
  }
  if (record.status === 'active') {
    lines.push({ code: 'active', text: `Active in the roster as ${record.role}, productId ${record.productId}.` });
  } else lines.push({ code: 'inactive', text: inactivity(facts) });
  if (!record.enabled) {
    lines.push({ code: 'disabled', text: 'enabledUser is false: the district has switched this user off.' });
  }
  if (record.editedAt !== null) {
    const text = `Edited in the Portal at ${momentOf(record.editedAt)}, after the last write of a sync; the next delivery that has them sets the record back.`;
    lines.push({ code: 'edited', text });
  }
  return [...lines, ...placesOf(facts)];
}

function inactivity({ inactive }: UserFacts): string {
  if (inactive === null) return 'Inactive; since when is not known.';
  const { since, syncId, origin, deliveryId } = inactive;
  const by: Readonly<Record<string, string>> = {
    delivery: `by sync ${syncId} of delivery ${deliveryId}`,
    undo: `by the undo ${syncId}`,
    rekey: `by the re-key ${syncId}`,
  };
  return `Inactive since ${momentOf(since)}, ${by[origin ?? ''] ?? 'by a sync that is no longer listed'}.`;
}

function placesOf({ schools, classes, user }: UserFacts): ExplanationLine[] {
  if (user?.record?.status !== 'active') return [];
  const lines: ExplanationLine[] = [];
  if (!schools.some(({ status }) => status === 'active')) {
    const none = schools.length === 0 ? 'No school.' : `No active school: ${listed(schools.map(schoolInWords))}.`;
    lines.push({ code: 'no-schools', text: none });
  }
  if (classes.length === 0) lines.push({ code: 'no-classes', text: 'In no class: they have no active enrollment.' });
  return lines;
}

/** `Lincoln Elementary`, or what is known of it. */
export function schoolInWords({ sourcedId, name, status }: NamedRecord): string {
  if (name === null) return `${sourcedId} (not in the roster)`;
  return status === 'active' ? name : `${name} (inactive)`;
}

const DOES = {
  add: 'it would add them',
  update: 'it would change their record',
  deactivate: 'it would make them inactive',
  reactivate: 'it would make them active again',
} as const;

/** What held syncs would do. */
export const explainHeld = (held: readonly HeldFacts[]): readonly ExplanationLine[] =>
  held.map(({ syncId, op, enrollments, holds }) => {
    const { add, change, remove } = enrollments;
    const counts = [
      add > 0 ? `add ${grouped(add)}` : '',
      change > 0 ? `change ${grouped(change)}` : '',
      remove > 0 ? `remove ${grouped(remove)}` : '',
    ].filter((part) => part !== '');
    const seats = counts.length === 0 ? '' : `it would ${listed(counts)} of their enrollments`;
    const does = [op === null ? '' : DOES[op], seats].filter((part) => part !== '').join(', and ');
    const why = listed([...new Set(holds.map(({ code }) => code))]);
    return { code: 'held', text: `Sync ${syncId} is held (${why}): ${does}. See \`rollcall sync ${syncId}\`.` };
  });

/** Manual records of the same username or e-mail (R2). */
export const explainManual = ({ manual }: UserFacts): readonly ExplanationLine[] =>
  manual.map(({ productId, role, createdAt }) => {
    const when = createdAt === '' ? '' : ` at ${momentOf(createdAt)}`;
    const what = role === '' ? 'A user' : `A user (${role})`;
    const text = `${what} was made by hand in the product${when}: productId ${productId}. No sync changes them, and the sign-on does not match them.`;
    return { code: 'manual', text };
  });
