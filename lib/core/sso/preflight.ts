import type { RosterUser } from './decide-sign-on.ts';
import type { DenialCode } from './denials.ts';
import type { DoubledUsernames } from './doubled-usernames.ts';
import { type DistrictReadiness, obstaclesOfDistrict, obstaclesOfPerson } from './obstacles.ts';

/**
 * Why somebody might not get in although Rollcall would let them: ClassLink finds the roster record of a LaunchPad account
 * by the username, and without exactly one it names nobody, or somebody else.
 */
export type DoubtCode = 'blank-username' | 'doubled-username';

/** Everything that a preflight finds. */
export type PreflightCode = DenialCode | DoubtCode;

/** How many active users of a place there are, and what became of them. */
export interface PreflightCounts {
  users: number;
  couldSignIn: number;
  couldNot: number;
  /** Of those who could: how many may fail at ClassLink. */
  doubtful: number;
  /** Users that each code is about; one user may have several. */
  byCode: Partial<Record<PreflightCode, number>>;
}

/** Somebody who could not sign in, or is doubtful, and why. What closes the whole district is not repeated here. */
export interface PreflightUser {
  readonly sourcedId: string;
  readonly role: string;
  readonly schools: readonly string[];
  readonly couldSignIn: boolean;
  /** The first is what a launch would say. Never empty. */
  readonly codes: readonly PreflightCode[];
}

/** The rehearsal of a district's morning. */
export interface PreflightResult extends PreflightCounts {
  /** What keeps everybody out; empty where the district is open. */
  readonly closedBy: readonly DenialCode[];
  /** By sourcedId; '' for users of no school. A user of two schools counts in both. */
  readonly schools: ReadonlyMap<string, PreflightCounts>;
  /** The first by sourcedId. */
  readonly listed: readonly PreflightUser[];
  /** How many more there are than are listed. */
  readonly notListed: number;
}

/** The list grows to so many times its limit before it is sorted and cut. */
const SLACK = 2;

/**
 * Judges the active users of a district one by one, in any order (issue 5). Keeps counts and the first of the list, so
 * that memory grows with schools, not with users.
 */
export class Preflight {
  readonly #district: DistrictReadiness;
  readonly #closedBy: readonly DenialCode[];
  readonly #doubled: Pick<DoubledUsernames, 'has'>;
  readonly #limit: number;
  readonly #all = noCounts();
  readonly #schools = new Map<string, PreflightCounts>();
  #listed: PreflightUser[] = [];
  #found = 0;

  /** `limit`: how many users are listed at most. */
  constructor(district: DistrictReadiness, doubled: Pick<DoubledUsernames, 'has'>, limit: number) {
    this.#district = district;
    this.#closedBy = obstaclesOfDistrict(district);
    this.#doubled = doubled;
    this.#limit = limit;
  }

  /** Takes one user; inactive ones do not count. `seen` is what the sign-on would read under the sourcedId. */
  judge(user: RosterUser, seen: RosterUser | null = user): void {
    if (user.status !== 'active') return;
    const refusals = this.#refusalsOf(user.sourcedId, seen);
    const doubts = this.#doubtsOf(user.username);
    const couldSignIn = this.#closedBy.length === 0 && refusals.length === 0;
    const codes = [...refusals, ...doubts];
    const places = user.schools.length === 0 ? [''] : new Set(user.schools);
    for (const counts of [this.#all, ...[...places].map((school) => this.#countsOf(school))])
      count(counts, couldSignIn, [...this.#closedBy, ...codes], doubts.length > 0);
    if (codes.length === 0) return;
    this.#found += 1;
    const { sourcedId, role, schools } = user;
    this.#listed.push({ sourcedId, role, schools, couldSignIn, codes });
    if (this.#listed.length > Math.max(1, this.#limit) * SLACK) this.#cutList();
  }

  result(): PreflightResult {
    this.#cutList();
    const schools = new Map([...this.#schools].sort(([a], [b]) => (a < b ? -1 : 1)));
    const listed = this.#listed;
    return { ...this.#all, closedBy: this.#closedBy, schools, listed, notListed: this.#found - listed.length };
  }

  #refusalsOf(sourcedId: string, seen: RosterUser | null): readonly DenialCode[] {
    // Nobody sends a LoginId here: the fallback is for people whose sourcedId ClassLink does not have.
    const identity = { tenantId: 0, sourcedId, userId: null, loginId: '' };
    return obstaclesOfPerson({ identity, bySourcedId: seen, byUsername: [], byAnchor: null }, this.#district.sso);
  }

  #doubtsOf(username: string): readonly DoubtCode[] {
    if (username === '') return ['blank-username'];
    return this.#doubled.has(username) ? ['doubled-username'] : [];
  }

  #countsOf(school: string): PreflightCounts {
    const counts = this.#schools.get(school) ?? noCounts();
    this.#schools.set(school, counts);
    return counts;
  }

  #cutList(): void {
    this.#listed.sort((a, b) => (a.sourcedId < b.sourcedId ? -1 : 1));
    this.#listed = this.#listed.slice(0, this.#limit);
  }
}

const noCounts = (): PreflightCounts => ({ users: 0, couldSignIn: 0, couldNot: 0, doubtful: 0, byCode: {} });

function count(counts: PreflightCounts, couldSignIn: boolean, codes: readonly PreflightCode[], doubt: boolean): void {
  counts.users += 1;
  if (couldSignIn) counts.couldSignIn += 1;
  else counts.couldNot += 1;
  if (couldSignIn && doubt) counts.doubtful += 1;
  for (const code of codes) counts.byCode[code] = (counts.byCode[code] ?? 0) + 1;
}

/** What a doubt means to whoever looks at the list. */
export const DOUBT_WORDS: Readonly<Record<DoubtCode, string>> = {
  'blank-username': 'No username: ClassLink cannot tell which LaunchPad account is theirs.',
  'doubled-username': 'Several active users have this username: ClassLink may name the wrong one, or nobody.',
};
