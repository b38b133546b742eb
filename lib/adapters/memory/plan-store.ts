import type { Change } from '../../core/plan/change.ts';
import type { PlanStore } from '../../ports/plan-store.ts';

/** Changes in a batch of a read. */
const BATCH = 100;

/** Plans as lists of changes: no files and no threads, so that a simulation decides about every step. */
export function memoryPlanStore(): PlanStore {
  const stored = new Map<string, readonly Change[]>();
  return {
    writer(prefix) {
      const sections = new Map<string, Change[]>();
      return {
        async write(section, changes) {
          const list = sections.get(section.name) ?? [];
          list.push(...changes);
          sections.set(section.name, list);
        },
        async end() {
          for (const [name, changes] of sections) stored.set(prefix + name, changes);
        },
        async abandon() {
          sections.clear();
        },
      };
    },
    // Nothing ever expires here.
    async renew() {},
    async *readSection(prefix, section, offset) {
      const changes = stored.get(prefix + section.name) ?? [];
      for (let at = offset; at < changes.length; at += BATCH) yield changes.slice(at, at + BATCH);
    },
  };
}
