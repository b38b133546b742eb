import type { CommandLog } from '../../ports/command-log.ts';
import { MemoryStore } from './memory-store.ts';

/** Results of commands in a map; by default one of its own. */
export function memoryCommandLog(store: MemoryStore = new MemoryStore()): CommandLog {
  return {
    async get(districtId, commandId) {
      return store.commands.of(districtId).get(commandId) ?? null;
    },
    async put(result) {
      const { districtId, commandId } = result;
      if (store.departures.has(districtId)) return;
      const results = store.commands.of(districtId);
      const isBetter = result.outcome === 'done' && results.get(commandId)?.outcome === 'refused';
      if (isBetter || !results.has(commandId)) results.set(commandId, result);
    },
  };
}
