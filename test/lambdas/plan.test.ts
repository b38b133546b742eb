import { makePlanHandler } from '../../lambdas/plan/handler.ts';
import type { CommandMessage, PlanMessage } from '../../lib/contracts/messages.ts';
import { DISTRICT, FlowWorld } from '../flows/flow-world.ts';

const OWN = 'AROAPLAN';
const CLAIM = 'rollcall-prod-operator/maria';

/** A district whose plans queue is worked off as on AWS, where the queue says who sent. */
async function open() {
  const world = await FlowWorld.open();
  const logger = { info: () => {}, error: () => {} };
  const handler = makePlanHandler({ ...world.ports, logger, ownRoleId: OWN });
  let requests = 0;
  const receive = (message: CommandMessage | PlanMessage, senderId: string) => {
    const attributes = { ApproximateReceiveCount: '1', SenderId: senderId };
    const Records = [{ messageId: `m-${++requests}`, body: JSON.stringify(message), attributes }];
    return handler({ Records }, { awsRequestId: `request-${requests}` });
  };
  return { world, receive };
}

const pause = (commandId: string, more: Partial<CommandMessage> = {}): CommandMessage => ({
  ...{ type: 'command', districtId: DISTRICT, commandId, command: { name: 'pause' }, who: CLAIM, attempt: 0 },
  ...more,
});

test.each([
  ['the sender', 'AROAOP:maria', { who: CLAIM, senderId: 'AROAOP:maria', saidWho: null }],
  ['somebody else', 'AROAOP:bob', { who: 'bob', senderId: 'AROAOP:bob', saidWho: CLAIM }],
])('a command in the name of %s is kept as given by whom the queue knows', async (_name, senderId, by) => {
  const { world, receive } = await open();
  // Who forges a name also forges what only the function writes.
  await receive(pause('c-1', { senderId: 'AROAOP:maria', saidWho: null }), senderId);
  expect(await world.ports.commands.get(DISTRICT, 'c-1')).toMatchObject({ outcome: 'done', by });
});

test('a command that waited for a busy district is still given by who gave it', async () => {
  const { world, receive } = await open();
  const lease = await world.ports.leases.take(DISTRICT, 'somebody', 60);
  await receive(pause('c-2'), 'AROAOP:bob');
  const [again] = world.queues.plans.splice(0).map(({ message }) => message);
  expect(again).toMatchObject({ who: 'bob', saidWho: CLAIM, attempt: 1 });
  await world.ports.leases.release(lease!);
  await receive(again!, `${OWN}:rollcall-prod-plan`);
  expect(await world.ports.commands.get(DISTRICT, 'c-2')).toMatchObject({
    by: { who: 'bob', senderId: 'AROAOP:bob', saidWho: CLAIM },
  });
});
