import { grouped } from '../limits/hold-words.ts';
import type { Finding } from '../oneroster/finding.ts';
import { blockedInWords } from './blocked-words.ts';
import { listed, momentOf, rowsInWords } from './explain-words.ts';
import type { ExplanationCode, ExplanationLine } from './explanation.ts';
import type { DeliveryFacts, RowOfUser } from './user-facts.ts';

/** Remarks (warnings and notes) of a delivery that are told; errors are told all. */
const MAX_REMARKS = 10;

/** How a delivery is called: `last delivery d-… (2026-11-23 19:34 UTC, applied)`. */
export const nameOfDelivery = ({ which, deliveryId, at, state }: DeliveryFacts): string =>
  `${which === 'last' ? 'last delivery' : 'last applied delivery'} ${deliveryId} (${momentOf(at)}, ${state})`;

/** The user's rows of users.csv. */
export const userRowsOf = ({ rows }: DeliveryFacts): readonly RowOfUser[] =>
  rows.filter(({ file }) => file === 'users');

/** Whether the delivery says that the user is gone: a full users.csv, read to its end, without a row of them (R4, R6). */
export const leavesOut = (delivery: DeliveryFacts): boolean =>
  delivery.files === 'read' &&
  delivery.users.mode === 'bulk' &&
  delivery.users.rows > 0 &&
  delivery.users.fault === null &&
  userRowsOf(delivery).length === 0;

/** What a delivery says about a user. `isKnown`: the roster, or an earlier delivery, has or had them. */
export function explainDelivery(
  delivery: DeliveryFacts,
  user: { readonly isKnown: boolean; readonly isActive: boolean },
): readonly ExplanationLine[] {
  return [
    presence(delivery),
    ...(leavesOut(delivery) ? absence(delivery, user) : []),
    ...outcome(delivery),
    ...findingLines(delivery),
    ...pairLine(delivery),
  ];
}

function presence(delivery: DeliveryFacts): ExplanationLine {
  const name = nameOfDelivery(delivery);
  const { files, users, rows } = delivery;
  if (files === 'expired') return { code: 'delivery-expired', text: `The files of the ${name} are no longer kept.` };
  if (files === 'unreadable') {
    return { code: 'delivery-unreadable', text: `The ${name} is nothing that can be read as a roster.` };
  }
  const own = userRowsOf(delivery);
  const rest = placesInWords(rows.filter(({ file }) => file !== 'users'));
  if (own.length > 0) {
    const places = placesInWords(own) + (rest === '' ? '' : `; ${rest}`);
    const gone = own.filter(({ status }) => isRemoval(status));
    if (gone.length === 0) return { code: 'in-delivery', text: `In the ${name}: ${places}.` };
    return {
      code: 'marked-removed',
      text: `In the ${name}, but to be removed (status ${gone[0]?.status}): ${places}.`,
    };
  }
  const others = rest === '' ? '' : ` Other files still name them: ${rest}.`;
  if (users.mode === 'absent' || (users.rows === 0 && users.fault === null)) {
    return { code: 'no-users-file', text: `The ${name} brings no rows of users.csv: users stay as they are.${others}` };
  }
  if (users.fault !== null) {
    const text = `The users.csv of the ${name} can be read only up to row ${grouped(users.rows + 1)} [${users.fault}]; they are not among those rows.${others}`;
    return { code: 'delivery-unreadable', text };
  }
  if (users.mode === 'delta') {
    return { code: 'not-in-delta', text: `The ${name} brings changes only, and none of them.${others}` };
  }
  const text = `Not in the ${name}: users.csv has ${grouped(users.rows)} rows, and none is theirs.${others}`;
  return { code: 'not-in-delivery', text };
}

const isRemoval = (status: string): boolean => ['tobedeleted', 'inactive'].includes(status.trim().toLowerCase());

/** `users.csv row 17; enrollments.csv rows 5 and 8`. */
function placesInWords(rows: readonly RowOfUser[]): string {
  const byName = new Map<string, number[]>();
  for (const { name, row } of rows) byName.set(name, [...(byName.get(name) ?? []), row]);
  return [...byName].map(([name, numbers]) => `${name} ${rowsInWords(numbers)}`).join('; ');
}

/** Why somebody is missing, and why they are there all the same. */
function absence(
  { which, unreadableRows, removalsLeftOut }: DeliveryFacts,
  { isKnown, isActive }: { readonly isKnown: boolean; readonly isActive: boolean },
): ExplanationLine[] {
  const lines: ExplanationLine[] = [];
  if (unreadableRows > 0) {
    const text = `Rows of its users.csv without a readable sourcedId: ${grouped(unreadableRows)}. One may be theirs.`;
    lines.push({ code: 'unreadable-rows', text });
  }
  if (isKnown && which === 'last') {
    const text =
      'An earlier delivery had them: the filters of the export or the student information system leave them out now, unless the file lost rows on its way.';
    lines.push({ code: 'filtered', text });
  }
  if (isActive && removalsLeftOut !== null) {
    const why =
      removalsLeftOut === 'rows'
        ? 'rows of users.csv could not be read, and any of them could be theirs'
        : 'whoever approved its plan left the removals out';
    lines.push({ code: 'removal-withheld', text: `It removed no users: ${why}.` });
  }
  return lines;
}

const OUTCOMES: Readonly<Partial<Record<DeliveryFacts['state'], readonly [ExplanationCode, string]>>> = {
  received: ['delivery-pending', 'It waits for its plan.'],
  planned: ['delivery-pending', 'It is planned; its sync is not known yet.'],
  planning: ['delivery-pending', 'It is being planned.'],
  applying: ['delivery-pending', 'It is being applied: the roster may still change.'],
  rejected: ['delivery-rejected', 'It was rejected as a whole and changed nothing'],
  incomplete: ['delivery-incomplete', 'It never became whole and changed nothing'],
  failed: ['delivery-failed', 'Its sync failed: that is a fault of Rollcall, not of the data.'],
  superseded: ['delivery-superseded', 'It was never applied: a newer one took its place.'],
  undone: ['delivery-undone', 'It was applied, and taken back by an undo.'],
};

function outcome({ state, fileErrors, blockedBy }: DeliveryFacts): ExplanationLine[] {
  if (blockedBy.length > 0) return [{ code: 'delivery-blocked', text: `It ${blockedInWords(blockedBy)}.` }];
  const [code, words] = OUTCOMES[state] ?? [];
  if (code === undefined || words === undefined) return [];
  if (words.endsWith('.')) return [{ code, text: words }];
  return [{ code, text: fileErrors.length === 0 ? `${words}.` : `${words}: ${listed(fileErrors)}.` }];
}

function findingLines({ findings, findingsKnown, deliveryId }: DeliveryFacts): ExplanationLine[] {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const remarks = findings.filter(({ severity }) => severity !== 'error');
  const lines = [
    ...errors.map((finding) => ({ code: codeOfError(finding), text: findingInWords(finding) })),
    ...remarks.slice(0, MAX_REMARKS).map((finding) => ({ code: 'row-remark' as const, text: findingInWords(finding) })),
  ];
  if (findingsKnown === 'some') {
    const text = `${deliveryId} had more findings than are listed: there may be more about them.`;
    lines.push({ code: 'findings-cut', text });
  }
  return lines;
}

const codeOfError = ({ file }: Finding): ExplanationCode =>
  /enrollments|demographics/i.test(file ?? '') ? 'other-row-invalid' : 'row-invalid';

function findingInWords({ file, row, message, hint, code, severity }: Finding): string {
  const place = [file, row === null ? null : `row ${row}`].filter((part) => part !== null).join(' ');
  return `${severity}${place === '' ? '' : ` in ${place}`}: ${message} [${code}] ${hint}`;
}

function pairLine({ pair, deliveryId }: DeliveryFacts): ExplanationLine[] {
  if (pair === null) return [];
  const { from, to, by } = pair;
  const text = `By ${deliveryId}, ${from} seems to have the new sourcedId ${to} (the same ${by}): see \`rollcall rekey\`.`;
  return [{ code: 'rekey-pair', text }];
}
