import type { Adapter, AdapterPayload } from 'oidc-provider';

/** What an entry of the store is. */
interface Entry {
  readonly payload: AdapterPayload;
  readonly untilMillis: number;
}

/** Where the provider keeps codes, tokens and sessions: in memory, gone with the process. */
export function createTokenStore(): (model: string) => Adapter {
  const entries = new Map<string, Entry>();
  const find = (key: string): AdapterPayload | undefined => {
    const entry = entries.get(key);
    if (entry === undefined || entry.untilMillis > Date.now()) return entry?.payload;
    entries.delete(key);
    return undefined;
  };
  const firstWith = (model: string, field: 'uid' | 'userCode', value: string): AdapterPayload | undefined => {
    for (const [key, { payload }] of entries) {
      if (key.startsWith(`${model}:`) && payload[field] === value) return find(key);
    }
    return undefined;
  };
  return (model) => ({
    async upsert(id, payload, expiresIn) {
      const untilMillis = expiresIn === undefined ? Number.POSITIVE_INFINITY : Date.now() + expiresIn * 1000;
      entries.set(`${model}:${id}`, { payload, untilMillis });
    },
    find: async (id) => find(`${model}:${id}`),
    findByUid: async (uid) => firstWith(model, 'uid', uid),
    findByUserCode: async (userCode) => firstWith(model, 'userCode', userCode),
    async consume(id) {
      const payload = find(`${model}:${id}`);
      if (payload) payload['consumed'] = Math.floor(Date.now() / 1000);
    },
    async destroy(id) {
      entries.delete(`${model}:${id}`);
    },
    async revokeByGrantId(grantId) {
      for (const [key, { payload }] of entries) if (payload.grantId === grantId) entries.delete(key);
    },
  });
}
