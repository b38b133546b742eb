import type { CommandResult } from '../../core/sync/command.ts';
import type { CommandLog } from '../../ports/command-log.ts';

/** Results of commands in a map. */
export function memoryCommandLog(): CommandLog {
  const results = new Map<string, CommandResult>();
  const nameOf = (districtId: string, commandId: string) => `${districtId}\n${commandId}`;
  return {
    async get(districtId, commandId) {
      return results.get(nameOf(districtId, commandId)) ?? null;
    },
    async put(result) {
      const name = nameOf(result.districtId, result.commandId);
      const isBetter = result.outcome === 'done' && results.get(name)?.outcome === 'refused';
      if (isBetter || !results.has(name)) results.set(name, result);
    },
  };
}
