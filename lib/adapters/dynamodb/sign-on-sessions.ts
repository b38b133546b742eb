import { sessionKey, sessionsIndex, userSessionsIndex } from '../../contracts/sign-on-keys.ts';
import type { Session, SessionEnd } from '../../core/sso/session.ts';
import type { Sessions } from '../../ports/sso/sign-on-store.ts';
import { attributesOf, numberOf, setting, textOf, timeToLive, writeRow } from './sign-on-row.ts';
import type { Item, TableClient } from './table-client.ts';

/** How long an ended session is kept, so that support can say why it ended. Seconds. */
const KEPT_SECONDS = 7 * 24 * 3600;

/** Sessions in DynamoDB: one row each, no secret in it, only hashes. */
export function createSessions(table: TableClient): Sessions {
  return {
    create: (session) => writeRow(table, sessionKey(session.sessionId), itemOf(session)),
    async get(sessionId) {
      const item = await table.get(sessionKey(sessionId));
      return item && sessionOf(item);
    },
    async end(sessionId, by, replacedBy) {
      const ended = setting(attributesOf({ endedBy: by, replacedBy: replacedBy ?? null }));
      await table.update(sessionKey(sessionId), ended, 'attribute_exists(pk) AND attribute_not_exists(endedBy)');
    },
    async refresh({ sessionId, sourcedId, role, schools, seenAt, expiresAt, idleSeconds }) {
      const fresh = { ...attributesOf({ sourcedId, role, seenAt, expiresAt, idleSeconds }), ...listOf(schools) };
      const live = 'attribute_exists(pk) AND attribute_not_exists(endedBy)';
      return (await table.update(sessionKey(sessionId), setting(fresh), live)) !== null;
    },
  };
}

const listOf = (schools: readonly string[]): Item => ({ schools: { L: schools.map((S) => ({ S })) } });

function itemOf({ schools, ...session }: Session): Item {
  const { districtId, productId, sessionId } = session;
  return {
    ...attributesOf(session),
    ...listOf(schools),
    ...timeToLive(session.expiresAt + KEPT_SECONDS),
    gsi1pk: { S: sessionsIndex(districtId) },
    gsi1sk: { S: sessionId },
    gsi2pk: { S: userSessionsIndex(districtId, productId) },
    gsi2sk: { S: sessionId },
  };
}

const sessionOf = (item: Item): Session => ({
  sessionId: textOf(item, 'sessionId'),
  launchId: textOf(item, 'launchId'),
  districtId: textOf(item, 'districtId'),
  tenantId: numberOf(item, 'tenantId'),
  clientId: textOf(item, 'clientId'),
  sourcedId: textOf(item, 'sourcedId'),
  productId: textOf(item, 'productId'),
  role: textOf(item, 'role'),
  schools: (item['schools']?.L ?? []).flatMap(({ S }) => (S === undefined ? [] : [S])),
  browserHash: textOf(item, 'browserHash'),
  createdAt: numberOf(item, 'createdAt'),
  seenAt: numberOf(item, 'seenAt'),
  expiresAt: numberOf(item, 'expiresAt'),
  idleSeconds: numberOf(item, 'idleSeconds'),
  endedBy: (item['endedBy']?.S as SessionEnd | undefined) ?? null,
  replacedBy: item['replacedBy']?.S ?? null,
});
