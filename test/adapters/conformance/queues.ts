import type { ApplyMessage, PlanMessage, PurgesMessage, UploadsMessage } from '../../../lib/contracts/messages.ts';
import type { PurgeQueue, Queues } from '../../../lib/ports/queues.ts';

export type QueueName = 'uploads' | 'plans' | 'applies' | 'purges';

export interface QueuesWorld {
  readonly queues: Queues & PurgeQueue;
  /** Takes the next message that is due, or null. */
  receive(queue: QueueName): Promise<unknown>;
}

const settle: UploadsMessage = { type: 'settle', key: 'home/maple/größe 1+2.csv', versionId: 'v1' };
const plan: PlanMessage = { type: 'plan', districtId: 'maple', attempt: 0 };
const apply: ApplyMessage = { type: 'apply', districtId: 'maple', syncId: 's-1', hop: 3, attempt: 1 };
const sweep: PurgesMessage = { type: 'sweep', districtId: 'maple', hop: 2 };

/** What the queues must do: each message arrives, as it was, in its own queue and not before its time. */
export function queuesConformance(name: string, open: () => QueuesWorld): void {
  describe(`${name}: queues`, () => {
    test('each message goes to its queue', async () => {
      const { queues, receive } = open();
      await queues.sendUploads(settle, 0);
      await queues.sendPlan(plan, 0);
      await queues.sendApply(apply, 0);
      expect(await receive('uploads')).toEqual(settle);
      expect(await receive('plans')).toEqual(plan);
      expect(await receive('applies')).toEqual(apply);
      expect(await receive('plans')).toBeNull();
      await queues.sendPurge(sweep, 0);
      expect(await receive('purges')).toEqual(sweep);
    });

    test.each(['uploads', 'plans', 'applies', 'purges'] as const)(
      'a delayed message to %s is not there yet',
      async (queue) => {
        const { queues, receive } = open();
        await {
          uploads: () => queues.sendUploads(settle, 900),
          plans: () => queues.sendPlan(plan, 900),
          applies: () => queues.sendApply(apply, 900),
          purges: () => queues.sendPurge(sweep, 900),
        }[queue]();
        expect(await receive(queue)).toBeNull();
      },
    );
  });
}
