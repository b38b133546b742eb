import type { CommandMessage } from '../../lib/contracts/messages.ts';
import type { CommandPorts } from '../../lib/flows/commands/command-ports.ts';
import { runCommand } from '../../lib/flows/commands/run-command.ts';
import { ObjectMissing, ServiceBusy } from '../../lib/ports/failure.ts';
import { without } from '../support/plain-delivery.ts';
import type { SmallDelivery } from '../support/small-delivery.ts';
import { asZip, withStudents } from './exports.ts';
import { DISTRICT, FlowWorld } from './flow-world.ts';

let world: FlowWorld;
beforeEach(async () => {
  world = await FlowWorld.open();
});

const CROWD = withStudents(3);

async function deliver(delivery: SmallDelivery): Promise<string> {
  world.clock.advanceSeconds(60);
  await world.claim(world.put('export.zip', await asZip(delivery)));
  await world.run();
  return (await world.syncs())[0]!.syncId;
}

/** Ports whose n-th call of any kind fails, after it was carried out or before. */
function failing(at: number, when: 'before' | 'after', fault: Error): { ports: CommandPorts; calls: () => number } {
  let calls = 0;
  const wrap = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          const call = () => value.apply(target, args);
          if (value.constructor.name !== 'AsyncFunction' || ++calls !== at) return call();
          if (when === 'before') return Promise.reject(fault);
          return call().then(() => Promise.reject(fault));
        };
      },
    });
  const { leases, log, commands, roster, archive, districts, ledger } = world.ports;
  const ports = { ...{ leases, log, commands, roster }, ...{ archive, districts, ledger } };
  const wrapped = Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, wrap(port)]));
  return { ports: { ...world.ports, ...wrapped }, calls: () => calls };
}

const undoOf = (syncId: string): CommandMessage =>
  world.commandMessage(
    { name: 'undo', dryRun: false, undo: { syncId, onlySchool: null, user: null, force: false } },
    'c-undo',
  );

test('R15: a service that fails at any call delays a command by minutes, and it happens once', async () => {
  for (const when of ['before', 'after'] as const) {
    let most = Number.POSITIVE_INFINITY;
    for (let at = 1; at <= most; at++) {
      world = await FlowWorld.open();
      await deliver(CROWD);
      const syncId = await deliver(without(CROWD, 'user', 's1'));
      const { ports, calls } = failing(at, when, new ServiceBusy('busy'));
      const sent = world.clock.now().getTime();
      await runCommand(ports, undoOf(syncId), world.newWorker());
      most = calls() < at ? 0 : Number.POSITIVE_INFINITY;
      await world.run();
      const result = await world.ports.commands.get(DISTRICT, 'c-undo');
      expect([when, at, result?.outcome]).toEqual([when, at, 'done']);
      expect(Date.parse(result!.at) - sent).toBeLessThan(10 * 60_000);
      expect((await world.states()).syncs).toEqual(['applied', 'undone', 'applied']);
      if (most === 0) expect(at).toBeGreaterThan(15);
    }
  }
});

test('a service that does not recover: the queue keeps the command, as before', async () => {
  const syncId = await deliver(CROWD);
  const busy = new ServiceBusy('busy');
  const ports = {
    ...world.ports,
    leases: {
      ...world.ports.leases,
      take: () => Promise.reject(busy),
    },
  };
  let message: CommandMessage = undoOf(syncId);
  let sent = 0;
  for (; sent < 20; sent++) {
    const thrown = await runCommand(ports, message, world.newWorker()).then(
      (outcome) => outcome,
      (error: unknown) => error,
    );
    if (thrown === busy) break;
    expect(thrown).toBe('again');
    const [again] = world.queues.plans.splice(0);
    expect(again!.dueMillis - world.clock.now().getTime()).toBeLessThanOrEqual(60_000);
    message = again!.message as CommandMessage;
  }
  expect(sent).toBe(8);
  expect(world.queues.plans).toEqual([]);
});

test.each([
  ['a defect', new TypeError('x'), 'throws'],
  ['a failure that stays', new ObjectMissing('gone'), 'refused'],
])('%s is not tried again so soon', async (_name, fault, outcome) => {
  const syncId = await deliver(CROWD);
  const ports = { ...world.ports, archive: { ...world.ports.archive, readText: () => Promise.reject(fault) } };
  const ran = await runCommand(ports, undoOf(syncId), world.newWorker()).catch(() => 'throws');
  expect(ran).toBe(outcome);
  expect(world.queues.plans).toEqual([]);
});
