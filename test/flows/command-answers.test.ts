import type { CommandMessage } from '../../lib/contracts/messages.ts';
import type { Command } from '../../lib/core/sync/command.ts';
import type { Sync } from '../../lib/core/sync/sync.ts';
import type { CommandPorts } from '../../lib/flows/commands/command-ports.ts';
import { MAX_COMMAND_ATTEMPTS, runCommand } from '../../lib/flows/commands/run-command.ts';
import type { RosterTable } from '../../lib/ports/roster-table.ts';
import { without } from '../support/plain-delivery.ts';
import type { SmallDelivery } from '../support/small-delivery.ts';
import { asZip, withStudents } from './exports.ts';
import { DISTRICT, FlowWorld, LEASE_SECONDS } from './flow-world.ts';

let world: FlowWorld;
beforeEach(async () => {
  world = await FlowWorld.open();
});

const CROWD = withStudents(30);
const HALF = without(CROWD, 'user', ...Array.from({ length: 28 }, (_, at) => `s${at + 1}`));

async function deliver(delivery: SmallDelivery): Promise<Sync> {
  world.clock.advanceSeconds(60);
  await world.claim(world.put('export.zip', await asZip(delivery)));
  await world.run();
  return (await world.syncs())[0]!;
}

const approve = (syncId: string): Command => ({
  ...{ name: 'approve', syncId, scope: 'as-shown', why: null, newerSeen: null },
});
const undo = (syncId: string): Command => ({
  ...{ name: 'undo', dryRun: false, undo: { syncId, onlySchool: null, user: null, force: false } },
});
const find = async (syncId: string) => (await world.log.get(DISTRICT, syncId))!;

const LAST_ATTEMPT = MAX_COMMAND_ATTEMPTS - 1;

/** Ports under which a worker ends before it can write its answer. */
const answerless = () => ({
  ...world.ports,
  commands: { ...world.ports.commands, put: () => Promise.reject(new Error('crash')) },
});

test('R15: a late copy of a resume does not take the pause of an undo back', async () => {
  await deliver(CROWD);
  const a = await deliver(without(CROWD, 'user', 's1'));
  await world.command({ name: 'pause' });
  const msg = world.commandMessage({ name: 'resume' }, 'c-resume');
  await expect(runCommand(answerless(), msg, world.newWorker())).rejects.toThrow('crash');
  await world.command(undo(a.syncId));
  await world.run();
  expect((await world.log.state(DISTRICT)).syncPaused).toBe(true);
  await runCommand(world.ports, msg, world.newWorker()); // SQS brings it again
  expect((await world.log.state(DISTRICT)).syncPaused).toBe(true);
});

test('R15: a command that was carried out never says "nothing was changed"', async () => {
  await deliver(CROWD);
  const h = await deliver(HALF);
  const msg = world.commandMessage(approve(h.syncId), 'c-app');
  await expect(runCommand(answerless(), msg, world.newWorker())).rejects.toThrow('crash');
  expect((await find(h.syncId)).state).toBe('applying');
  // The message comes again, for the last time, while the apply runs for minutes (the lease is taken or handed over).
  await runCommand(world.ports, { ...msg, attempt: LAST_ATTEMPT }, world.newWorker());
  const result = await world.ports.commands.get(DISTRICT, 'c-app');
  expect(result?.outcome).toBe('done');
  await world.run();
  expect((await find(h.syncId)).state).toBe('applied');
});

describe('message twice: one copy gives up while the other works on a long undo', () => {
  let answerOfOther: string | null;
  beforeEach(() => {
    answerOfOther = null;
  });

  /** The second copy gives up while the first one reads the table. */
  function givingUp(ports: CommandPorts, msg: CommandMessage): CommandPorts {
    let isFirst = true;
    const readSynced: RosterTable['readSynced'] = async function* (districtId, kind) {
      if (isFirst) {
        isFirst = false;
        await runCommand(world.ports, { ...msg, attempt: LAST_ATTEMPT }, world.newWorker());
        answerOfOther = (await world.ports.commands.get(DISTRICT, 'c-undo'))?.outcome ?? null;
      }
      yield* world.ports.roster.readSynced(districtId, kind);
    };
    return { ...ports, roster: { ...ports.roster, readSynced } };
  }

  test('the answer is that of the one that did it', async () => {
    await deliver(CROWD);
    const a = await deliver(without(CROWD, 'user', 's1'));
    const msg = world.commandMessage(undo(a.syncId), 'c-undo');
    await runCommand(givingUp(world.ports, msg), msg, world.newWorker());
    await world.run();
    const result = await world.ports.commands.get(DISTRICT, 'c-undo');
    expect([answerOfOther, result?.outcome, (await find(a.syncId)).state]).toEqual(['refused', 'done', 'undone']);
  });

  test('also where that one ends before it can answer or start it: when its message comes again', async () => {
    await deliver(CROWD);
    const a = await deliver(without(CROWD, 'user', 's1'));
    const msg = world.commandMessage(undo(a.syncId), 'c-undo');
    const { queues } = world.ports;
    const endsHere = { ...queues, sendApply: () => Promise.reject(new Error('crash')) };
    const ports = givingUp({ ...world.ports, queues: endsHere }, msg);
    await expect(runCommand(ports, msg, world.newWorker())).rejects.toThrow('crash');
    world.clock.advanceSeconds(LEASE_SECONDS);
    expect(answerOfOther).toBe('refused');
    expect(await runCommand(world.ports, msg, world.newWorker())).toBe('already-done');
    const result = await world.ports.commands.get(DISTRICT, 'c-undo');
    expect(result).toMatchObject({ outcome: 'done', code: 'undo', changes: { users: { reactivate: 1 } } });
    await world.run();
    expect((await find(a.syncId)).state).toBe('undone');
  });
});

describe('what a pause or a resume says of itself', () => {
  const lastCopy = (msg: CommandMessage) =>
    runCommand(world.ports, { ...msg, attempt: LAST_ATTEMPT }, world.newWorker());
  const answerTo = (commandId: string) => world.ports.commands.get(DISTRICT, commandId);

  test('one that gave up was not carried out, though somebody else asked for the same since', async () => {
    await world.command({ name: 'pause' });
    const msg = world.commandMessage({ name: 'resume' }, 'c-first');
    const lease = (await world.leases.take(DISTRICT, 'somebody', LEASE_SECONDS))!;
    expect(await lastCopy(msg)).toBe('refused');
    await world.leases.release(lease);
    await world.command({ name: 'resume' }, 'c-second');
    expect(await runCommand(world.ports, msg, world.newWorker())).toBe('already-done');
    expect(await answerTo('c-first')).toMatchObject({ outcome: 'refused', code: 'applying' });
    expect(await answerTo('c-second')).toMatchObject({ outcome: 'done' });
  });

  test('one that was carried out was, though it was taken back since', async () => {
    await world.command({ name: 'pause' });
    const msg = world.commandMessage({ name: 'resume' }, 'c-resume');
    await expect(runCommand(answerless(), msg, world.newWorker())).rejects.toThrow('crash');
    world.clock.advanceSeconds(LEASE_SECONDS);
    await world.command({ name: 'pause' });
    await world.leases.take(DISTRICT, 'somebody', LEASE_SECONDS);
    expect(await lastCopy(msg)).toBe('done');
    expect((await world.log.state(DISTRICT)).syncPaused).toBe(true);
  });

  test('one of a district that is not there was not', async () => {
    const msg = { ...world.commandMessage({ name: 'resume' }, 'c-none'), districtId: 'nowhere' };
    expect(await runCommand(world.ports, msg, world.newWorker())).toBe('refused');
    const result = await world.ports.commands.get('nowhere', 'c-none');
    expect(result).toMatchObject({ outcome: 'refused', code: 'unknown-district' });
  });
});
