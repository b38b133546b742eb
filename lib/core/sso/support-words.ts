import type { DenialCode } from './denials.ts';

/** What a refusal means to whoever helps: what happened, and what mends it. Nothing of a person (R22). */
export interface SupportWords {
  readonly means: string;
  readonly toDo: string;
}

const CLICK_AGAIN = 'Click the icon in LaunchPad again.';
const OURS = 'Ours to mend: the log of the sign-on has a line with this reference.';

/** The other side of `DENIALS`: the page speaks to a child, this to support. */
export const SUPPORT_WORDS: Readonly<Record<DenialCode, SupportWords>> = {
  'cookies-blocked': {
    means: 'The answer of ClassLink came to a browser that has no cookie of that launch.',
    toDo: `Allow cookies for our address, and start from LaunchPad in the same browser window. ${CLICK_AGAIN}`,
  },
  'launch-used': {
    means:
      'The launch was used before, and its session is over or in another browser: an old link, or the Back button.',
    toDo: CLICK_AGAIN,
  },
  'launch-expired': {
    means: 'More than ten minutes went by between the click and the answer of ClassLink.',
    toDo: CLICK_AGAIN,
  },
  'access-denied': { means: 'The person said no when ClassLink asked.', toDo: `${CLICK_AGAIN} Say yes.` },
  'code-refused': {
    means: 'ClassLink did not take its own code: it was used before, too old, or of another launch.',
    toDo: `${CLICK_AGAIN} If everybody meets this, tell us: ClassLink may not take our redirect URI.`,
  },
  'classlink-unavailable': {
    means: 'ClassLink did not answer in time.',
    toDo: "Wait some minutes and try again; look at ClassLink's status page.",
  },
  'classlink-error': {
    means: 'ClassLink answered something that makes no sense, or does not know us.',
    toDo: "Wait some minutes and try again. If everybody meets this: where the log line has the detail invalid-client, ClassLink's client id or secret in our secret is wrong; else look at ClassLink's status page.",
  },
  'classlink-refused': {
    means: 'ClassLink sent the browser back with an error and without a sign-in, or a link pretended so.',
    toDo: `${CLICK_AGAIN} If everybody meets this, look at ClassLink's status page and at how the app is registered there.`,
  },
  'token-invalid': {
    means: "A check of ClassLink's answer failed: signature, issuer, client, time or nonce.",
    toDo: 'Tell us if it happens twice: the log line of the launch names the check.',
  },
  'claims-disagree': {
    means: 'The id_token and my/info of ClassLink name different people.',
    toDo: "Ask ClassLink's support; nobody is signed in while they disagree.",
  },
  'no-sourced-id': {
    means: 'ClassLink has no roster record for this LaunchPad account.',
    toDo: "The district links the two in ClassLink: Roster Server on, and the roster's username equal to the login.",
  },
  'unknown-tenant': {
    means: 'No district of ours has the ClassLink tenant of this launch.',
    toDo: 'Set it: rollcall district set DISTRICT classLinkTenantId=NUMBER.',
  },
  'district-suspended': {
    means: 'The district is suspended.',
    toDo: 'When it may go on: rollcall district set DISTRICT suspended=false.',
  },
  'no-roster': {
    means: 'No sync of the district was applied yet (R18).',
    toDo: 'Look for its first delivery and whether it is held: rollcall syncs DISTRICT, rollcall holds DISTRICT.',
  },
  'sso-off': {
    means: 'The district has signing in switched off.',
    toDo: 'To switch it on for everybody: rollcall district set DISTRICT sso.roles=all (or students, teachers). Other settings stay.',
  },
  'role-not-allowed': {
    means: 'The district lets other roles in than the one that the roster has for this person.',
    toDo: "Look at sso.roles in the district's settings, and at the role in the roster. ClassLink's role does not count.",
  },
  'school-not-allowed': {
    means: 'The district has opened the product for other schools than those of this person.',
    toDo: "Look at sso.allowedSchools in the district's settings, and at orgSourcedIds in the roster.",
  },
  'not-in-roster': {
    means:
      'No synced user has this sourcedId: the district does not share the person with us, or they are new since the last sync.',
    toDo: 'Wait for the next export; then look at what ClassLink shares. rollcall why DISTRICT USER says what the last delivery has.',
  },
  inactive: {
    means: 'The person left the roster: their record is inactive.',
    toDo: 'If they belong there, the SIS or the filters of the export left them out: rollcall why DISTRICT USER says since when.',
  },
  disabled: {
    means: 'enabledUser is false: the district has switched this person off.',
    toDo: 'The district sets enabledUser in its SIS; the next sync brings it.',
  },
  'anchor-conflict': {
    means: "ClassLink's account was somebody else here before, and nothing says that the two are one person (R20).",
    toDo: 'Ask the district whether they are one person. If they are: rollcall rekey DISTRICT OLD NEW.',
  },
  'ambiguous-username': {
    means: 'ClassLink sent no sourcedId that we know, and several active users have the username.',
    toDo: "The district makes the usernames differ, or lets ClassLink send the roster's sourcedId.",
  },
  'product-unknown': {
    means: 'The district names a product (sso.clientId) that is not registered in this stage.',
    toDo: 'Set sso.clientId to a registered one, or to null; or register it in PRODUCT_CLIENTS.',
  },
  'confirm-refused': {
    means: '“Continue” came from another page or browser, or too late.',
    toDo: CLICK_AGAIN,
  },
  'bad-request': {
    means: 'A link named a client or an address that is not registered.',
    toDo: "Start from LaunchPad. If the product's own page led there, its registration is wrong.",
  },
  internal: { means: 'Something broke on our side.', toDo: OURS },
};
