/** Who gave a command or an order, as far as it is known. */
export interface Giver {
  /** For people: `role/session`, or the name of a user. Where the queue knows somebody else than the message says: whom it knows. */
  readonly who: string;
  /** Who put the message into the queue, as the queue knows them (`AROA…:session`, `AIDA…`). null: nobody can know. */
  readonly senderId?: string | null;
  /** The name that the message bore, where it is not the sender's: a claim and no more. */
  readonly saidWho?: string | null;
}

/** What a function knows of itself: the unique id of its role (`AROA…`). What it sent itself is believed, nothing else is. */
export interface OwnRole {
  readonly ownRoleId: string;
}

/** A name is as long as a role's and a session's together, 64 characters each (IAM: quotas), and something to spare. */
const LONGEST_NAME = 200;

const nameIn = (said: Giver): string => String(said.who ?? '').slice(0, LONGEST_NAME);

/**
 * Who gave a command: whom the queue knows, never what a message says alone, because whoever may send may write any name.
 * The readable name stays where its last part is the session of the sender. What the function sent itself again already
 * says who gave it. Somebody who moves a message from the dead letters may count as its sender: then it is theirs, and the
 * name in it is a claim, which is less than may be true and never more.
 */
export function giverOf(said: Giver, senderId: string | null, { ownRoleId }: OwnRole): Required<Giver> {
  const saidWho = nameIn(said);
  if (senderId === null) return { who: 'unknown', senderId, saidWho };
  const [principal, ...rest] = senderId.split(':');
  if (principal === ownRoleId) {
    return { who: saidWho, senderId: said.senderId ?? null, saidWho: said.saidWho ?? null };
  }
  const session = rest.join(':') || senderId;
  const agrees = saidWho.split('/').at(-1) === session;
  return { who: agrees ? saidWho : session, senderId, saidWho: agrees ? null : saidWho };
}

/** For people, with what is only claimed. */
export const describeGiver = ({ who, saidWho = null }: Giver): string =>
  saidWho === null ? who : `${who} (the message says ${saidWho})`;
