import type { Session } from '../../core/sso/session.ts';
import type { Sessions } from '../../ports/sso/sign-on-store.ts';

/** Sessions of the sign-on over a plain map. */
export function memorySessions(): Sessions {
  const sessions = new Map<string, Session>();
  return {
    async create(session) {
      sessions.set(session.sessionId, session);
    },
    async get(sessionId) {
      return sessions.get(sessionId) ?? null;
    },
    async end(sessionId, by, replacedBy) {
      const session = sessions.get(sessionId);
      if (session && session.endedBy === null)
        sessions.set(sessionId, { ...session, endedBy: by, replacedBy: replacedBy ?? null });
    },
    async refresh({ sessionId, sourcedId, role, schools, seenAt, expiresAt, idleSeconds }) {
      const session = sessions.get(sessionId);
      if (!session || session.endedBy !== null) return false;
      sessions.set(sessionId, { ...session, sourcedId, role, schools, seenAt, expiresAt, idleSeconds });
      return true;
    },
  };
}
