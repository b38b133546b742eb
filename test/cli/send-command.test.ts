import { jest } from '@jest/globals';
import { CommandError } from '../../lib/cli/output.ts';
import { sendCommand } from '../../lib/cli/send-command.ts';
import type { Target } from '../../lib/cli/target.ts';
import type { CommandMessage } from '../../lib/contracts/messages.ts';
import type { CommandResult } from '../../lib/core/sync/command.ts';

/** What is said on stderr, and sent, in order. */
let happened: string[] = [];
beforeEach(() => {
  happened = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => happened.push(String(text)) > 0);
});
afterEach(() => jest.restoreAllMocks());

const targetThat = (get: () => Promise<CommandResult | null>): Target =>
  ({
    ...{ flags: '--local', running: true, who: async () => 'tester', commands: { get, put: async () => {} } },
    queues: { sendPlan: async ({ commandId }: CommandMessage) => void happened.push(commandId) },
  }) as unknown as Target;

const thrownBy = (target: Target): Promise<unknown> =>
  sendCommand(target, 'maple', { name: 'pause' }, 0).then(
    () => null,
    (thrown: unknown) => thrown,
  );

test.each<[string, () => Promise<null>, string]>([
  ['no answer in time', async () => null, 'still-waiting'],
  ['a lost connection', async () => Promise.reject(new Error('ECONNRESET')), 'outcome-unknown'],
])('after %s one can ask again: the id is said as soon as it is sent, and in the error', async (_name, get, code) => {
  const thrown = await thrownBy(targetThat(get));
  const [sent, said] = happened;
  expect(said).toBe(`Sent as ${sent}. Should this end early: rollcall command ${sent} maple --local\n`);
  expect(thrown).toBeInstanceOf(CommandError);
  expect(thrown).toMatchObject({ code, hint: expect.stringContaining(sent!), facts: { commandId: sent } });
});

test('an answer is given as it is', async () => {
  const result = { outcome: 'done' } as CommandResult;
  expect(
    await sendCommand(
      targetThat(async () => result),
      'maple',
      { name: 'pause' },
      0,
    ),
  ).toBe(result);
});
