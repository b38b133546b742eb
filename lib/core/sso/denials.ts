/** One way for a launch to be refused: what the page says, and how it is answered. */
export interface DenialKind {
  /** Two letters at the start of the reference, so that support knows the kind even where no row was kept. */
  readonly tag: string;
  readonly status: 400 | 403 | 500 | 503;
  /** A heading that a child understands. Nothing of the person. */
  readonly title: string;
  /** What to do now. One or two short sentences. */
  readonly help: string;
}

const AGAIN = 'Go back to LaunchPad and open the app again.';
const TELL = 'Please tell your teacher or your school. Give them the code below.';

/** Every reason for which nobody is signed in (R18, R19, R20). Codes are stable: logs, support and tests use them. */
export const DENIALS = {
  'cookies-blocked': {
    tag: 'CB',
    status: 403,
    title: 'Please open the app again',
    help: `${AGAIN} Use the same browser window. Cookies must be allowed.`,
  },
  'launch-used': {
    tag: 'LU',
    status: 403,
    title: 'This page was already used',
    help: `${AGAIN} An old link or the Back button cannot sign you in.`,
  },
  'launch-expired': {
    tag: 'LE',
    status: 403,
    title: 'That took too long',
    help: AGAIN,
  },
  'access-denied': {
    tag: 'AD',
    status: 403,
    title: 'You chose not to sign in',
    help: `ClassLink told us that you said no. If that was a mistake: ${AGAIN.toLowerCase().replace('launchpad', 'LaunchPad')}`,
  },
  'code-refused': {
    tag: 'CR',
    status: 403,
    title: 'ClassLink did not let us sign you in',
    help: `${AGAIN} If it happens again, tell your teacher or your school.`,
  },
  'classlink-unavailable': {
    tag: 'CU',
    status: 503,
    title: 'ClassLink is not answering',
    help: `Wait a few minutes. ${AGAIN}`,
  },
  'classlink-error': {
    tag: 'CE',
    status: 503,
    title: 'ClassLink had a problem',
    help: `Wait a few minutes. ${AGAIN}`,
  },
  'classlink-refused': {
    tag: 'CL',
    // Not 503: the address of a browser says it, and anybody can write that.
    status: 403,
    title: 'ClassLink did not let you through',
    help: `Wait a few minutes. ${AGAIN}`,
  },
  'token-invalid': {
    tag: 'TI',
    status: 403,
    title: 'We could not check who you are',
    help: `${AGAIN} If it happens again, tell your teacher or your school.`,
  },
  'claims-disagree': {
    tag: 'CD',
    status: 403,
    title: 'ClassLink told us two different things',
    help: TELL,
  },
  'no-sourced-id': {
    tag: 'NS',
    status: 403,
    title: 'Your LaunchPad account has no school record',
    help: `Your school must connect the two in ClassLink. ${TELL}`,
  },
  'unknown-tenant': {
    tag: 'UT',
    status: 403,
    title: 'Your district does not use this app yet',
    help: TELL,
  },
  'district-suspended': {
    tag: 'DS',
    status: 403,
    title: 'The app is switched off for your district',
    help: TELL,
  },
  'no-roster': {
    tag: 'NR',
    status: 403,
    title: 'Your district is not ready yet',
    help: `Your school’s class lists have not arrived. ${TELL}`,
  },
  'sso-off': {
    tag: 'SO',
    status: 403,
    title: 'Signing in is switched off for your district',
    help: TELL,
  },
  'role-not-allowed': {
    tag: 'RN',
    status: 403,
    title: 'Your district has not opened the app for you',
    help: `It is open for other people in your district. ${TELL}`,
  },
  'school-not-allowed': {
    tag: 'SN',
    status: 403,
    title: 'Your school does not use this app',
    help: `It is open for other schools in your district. ${TELL}`,
  },
  'not-in-roster': {
    tag: 'NI',
    status: 403,
    title: 'You are not on a class list yet',
    help: `If you are new, try again tomorrow. ${TELL}`,
  },
  inactive: {
    tag: 'IN',
    status: 403,
    title: 'You are no longer on a class list',
    help: TELL,
  },
  disabled: {
    tag: 'DI',
    status: 403,
    title: 'Your school has switched your account off',
    help: TELL,
  },
  'anchor-conflict': {
    tag: 'AC',
    status: 403,
    title: 'Two school records fit your account',
    help: `We do not guess which one is yours. ${TELL}`,
  },
  'ambiguous-username': {
    tag: 'AU',
    status: 403,
    title: 'Two school records have your user name',
    help: `We do not guess which one is yours. ${TELL}`,
  },
  'product-unknown': {
    tag: 'PU',
    status: 503,
    title: 'The app is not set up right',
    help: TELL,
  },
  'confirm-refused': {
    tag: 'CF',
    status: 403,
    title: 'Please open the app again',
    help: AGAIN,
  },
  'bad-request': {
    tag: 'BR',
    status: 400,
    title: 'This link does not work',
    help: AGAIN,
  },
  internal: {
    tag: 'ER',
    status: 500,
    title: 'Something went wrong on our side',
    help: `It is not your fault. Wait a few minutes. ${AGAIN}`,
  },
} as const satisfies Readonly<Record<string, DenialKind>>;

/** Why nobody was signed in. */
export type DenialCode = keyof typeof DENIALS;

/** The digits of a reference: no I, L, O, U, so that it can be read out (Crockford's base 32). */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RANDOM_DIGITS = 8;

/** How many random bytes a reference takes. */
export const REFERENCE_BYTES = RANDOM_DIGITS;

/** `NI-7K2Q-9FHX`: 32⁸ = 10¹² of each kind. Names nobody; it is looked up, or its first letters say the code. */
export function referenceOf(code: DenialCode, random: Uint8Array): string {
  const digits = Array.from(random.slice(0, RANDOM_DIGITS), (byte) => DIGITS[byte % DIGITS.length]).join('');
  return `${DENIALS[code].tag}-${digits.slice(0, 4)}-${digits.slice(4)}`;
}

/** Reads a reference as a person types it; null where it cannot be one of ours. */
export function readReference(text: string): { readonly reference: string; readonly code: DenialCode } | null {
  const plain = text.trim().toUpperCase().replace(/[\s-]/g, '');
  const match = /^([A-Z]{2})([0-9A-Z]{4})([0-9A-Z]{4})$/.exec(plain);
  if (!match) return null;
  const code = (Object.keys(DENIALS) as DenialCode[]).find((each) => DENIALS[each].tag === match[1]);
  return code === undefined ? null : { reference: `${match[1]}-${match[2]}-${match[3]}`, code };
}
