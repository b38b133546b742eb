import { explainDelivery, leavesOut, userRowsOf } from './explain-delivery.ts';
import { explainHeld, explainManual, explainRecord, schoolInWords } from './explain-roster.ts';
import { listed, searchInWords } from './explain-words.ts';
import type { Explanation, ExplanationLine } from './explanation.ts';
import type { DeliveryFacts, OtherUser, UserFacts } from './user-facts.ts';

/** Answers "what about this user?" from what is known. Pure. The text holds names: for the terminal of who asked (R22). */
export function explainUser(facts: UserFacts): Explanation {
  const lines = linesOf(facts);
  return { headline: headlineOf(facts), answer: [...new Set(lines.map(({ code }) => code))], lines };
}

function linesOf(facts: UserFacts): readonly ExplanationLine[] {
  const { user, others, deliveries, held } = facts;
  if (user === null) {
    const manual = explainManual(facts);
    if (others.length > 0) return [...ambiguity(facts), ...manual];
    return manual.length > 0 ? [...manual, ...arriving(facts)] : nobody(facts);
  }
  const isKnown = user.record !== null || deliveries.some((each) => userRowsOf(each).length > 0);
  const isActive = user.record?.status === 'active';
  return [
    ...moves(facts),
    ...explainRecord(facts),
    ...deliveries.flatMap((each) => explainDelivery(each, { isKnown, isActive })),
    ...(deliveries.length === 0 ? NO_DELIVERY : []),
    ...arriving(facts),
    ...explainHeld(held),
    ...ambiguity(facts),
    ...explainManual(facts),
  ];
}

const NO_DELIVERY: readonly ExplanationLine[] = [{ code: 'no-delivery', text: 'The district has sent nothing yet.' }];

function moves({ user }: UserFacts): ExplanationLine[] {
  if (user === null || user.movedFrom.length === 0) return [];
  const path = [...user.movedFrom, user.sourcedId].join(' → ');
  return [{ code: 'moved', text: `Has a new sourcedId: ${path} (re-key). What follows is about ${user.sourcedId}.` }];
}

function ambiguity({ user, others }: UserFacts): ExplanationLine[] {
  if (others.length === 0) return [];
  const list = listed(others.map(otherInWords));
  const text =
    user === null
      ? `Several users are meant: ${list}. Ask again with a sourcedId.`
      : `The same words also fit ${list}.`;
  return [{ code: 'ambiguous', text }];
}

const otherInWords = ({ sourcedId, status, role, matchedBy }: OtherUser): string =>
  `${sourcedId} (${[role, status ?? 'not in the roster', `by ${WORD_OF[matchedBy]}`].filter((part) => part !== '').join(', ')})`;

const WORD_OF = { sourcedId: 'sourcedId', username: 'username', email: 'e-mail' } as const;

/** R5, R22: what was not looked at may be where they are. */
function nobody(facts: UserFacts): ExplanationLine[] {
  const { deliveries } = facts;
  const lines: ExplanationLine[] = [{ code: 'unknown', text: searchInWords(facts) }];
  if (deliveries.length === 0) return [...lines, ...NO_DELIVERY, ...arriving(facts)];
  const about = deliveries.flatMap((each) => explainDelivery(each, { isKnown: false, isActive: false }));
  return [...lines, ...about, ...arriving(facts)];
}

function arriving({ lookedAt: { arrivingDeliveryId } }: UserFacts): ExplanationLine[] {
  if (arrivingDeliveryId === null) return [];
  const text = `A newer delivery, ${arrivingDeliveryId}, is not whole yet and was not looked at.`;
  return [{ code: 'delivery-arriving', text }];
}

function headlineOf(facts: UserFacts): string {
  const { user, others, manual, asked, districtId } = facts;
  if (user === null) {
    if (others.length > 0) return `“${asked}” fits ${others.length} users of ${districtId}.`;
    if (manual.length > 0) return `“${asked}” is only known as made by hand in the product, not from the roster.`;
    return `Nobody is known in ${districtId} by the sourcedId, username or e-mail “${asked}”.`;
  }
  const { record, sourcedId } = user;
  const name = record === null ? '' : `${record.givenName} ${record.familyName}`.trim();
  const who = name === '' ? sourcedId : `${name} (${sourcedId}, username ${record?.username})`;
  return `${who} ${statusInWords(facts)}${lastInWords(facts)}.`;
}

function statusInWords({ user, schools, classes }: UserFacts): string {
  const record = user?.record ?? null;
  if (record === null) return 'is not in the roster';
  if (record.status === 'inactive') return `is inactive (${record.role})`;
  const at = schools.length === 0 ? '' : ` of ${listed(schools.map(schoolInWords))}`;
  const seats = classes.length === 0 ? '' : `, in ${classes.length} class${classes.length === 1 ? '' : 'es'}`;
  return `is an active ${record.role}${at}${seats}`;
}

/** What the last delivery says, and whether a held sync would change it. */
function lastInWords({ deliveries, held }: UserFacts): string {
  const last = deliveries.find(({ which }) => which === 'last');
  const waits = held.length > 0 ? '; a held sync would change that' : '';
  if (last === undefined) return waits;
  return `${lastDeliveryInWords(last)}${waits}`;
}

function lastDeliveryInWords(last: DeliveryFacts): string {
  const [row] = userRowsOf(last);
  if (row === undefined) return leavesOut(last) ? '; the last delivery does not have them' : '';
  const bad = last.findings.some(({ severity, file }) => severity === 'error' && file === row.name);
  return `; the last delivery has them in ${row.name} row ${row.row}${bad ? ', and that row has an error' : ''}`;
}
