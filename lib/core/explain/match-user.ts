/** What of a user the asked words were. */
export type MatchedBy = 'sourcedId' | 'username' | 'email';

/** What a user is asked for by. */
export interface UserKeys {
  readonly sourcedId: string;
  readonly username: string;
  readonly email: string;
}

/** People type names in any case, and copy blanks along. */
const folded = (text: string): string => text.trim().normalize('NFC').toLowerCase();

/**
 * Makes the test whether a user is meant by what someone typed: null, or by which of the keys. Upper and lower case do not
 * count: whoever asks on the phone has not the letters before them. The caller prefers an exact sourcedId (R20).
 */
export function userMatcher(asked: string): (user: UserKeys) => MatchedBy | null {
  const wanted = folded(asked);
  return ({ sourcedId, username, email }) => {
    if (wanted === '') return null;
    if (folded(sourcedId) === wanted) return 'sourcedId';
    if (folded(username) === wanted) return 'username';
    return folded(email) === wanted ? 'email' : null;
  };
}
