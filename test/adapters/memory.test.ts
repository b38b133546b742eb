import { memoryCommandLog } from '../../lib/adapters/memory/command-log.ts';
import { MemoryObjects } from '../../lib/adapters/memory/objects.ts';
import { MemoryQueues } from '../../lib/adapters/memory/queues.ts';
import { commandLogConformance } from './conformance/command-log.ts';
import { editedRecordsConformance } from './conformance/edited-records.ts';
import { historyConformance } from './conformance/history.ts';
import { leavingConformance } from './conformance/leaving.ts';
import { ledgerConformance } from './conformance/ledger.ts';
import { objectsConformance } from './conformance/objects.ts';
import { queuesConformance } from './conformance/queues.ts';
import { rekeyedUsersConformance } from './conformance/rekeyed-users.ts';
import { rosterTableConformance } from './conformance/roster-table.ts';
import { schoolRowsConformance } from './conformance/school-rows.ts';
import { signOnConformance } from './conformance/sign-on.ts';
import { TestClock } from './conformance/world.ts';
import { memoryWorld } from './memory-world.ts';

rosterTableConformance('memory', memoryWorld, 200);
schoolRowsConformance('memory', memoryWorld);
editedRecordsConformance('memory', memoryWorld);
ledgerConformance('memory', memoryWorld);
rekeyedUsersConformance('memory', memoryWorld);
signOnConformance('memory', memoryWorld);
leavingConformance('memory', memoryWorld);
historyConformance('memory', memoryWorld);
commandLogConformance('memory', memoryCommandLog);
objectsConformance('memory', () => {
  const objects = new MemoryObjects(new TestClock());
  const { archive, landingVersions, archiveVersions } = objects;
  const upload = async (key: string, bytes: Uint8Array) => objects.upload(key, bytes);
  return { landing: objects, archive, landingVersions, archiveVersions, upload };
});
queuesConformance('memory', () => {
  const clock = new TestClock();
  const queues = new MemoryQueues(clock);
  return {
    queues,
    async receive(queue) {
      const index = queues[queue].findIndex(({ dueMillis }) => dueMillis <= clock.now().getTime());
      return index < 0 ? null : queues[queue].splice(index, 1)[0]?.message;
    },
  };
});
