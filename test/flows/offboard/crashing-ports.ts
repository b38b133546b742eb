import { Crash, type PurgePorts } from './leaving-world.ts';

/** When the worker ends: before its n-th call reaches the other side, or after it did and before the answer comes. */
export interface CrashAt {
  readonly call: number;
  readonly when: 'before' | 'after';
}

/** What is no port: values, and the clock. */
const VALUES = ['clock', 'shelfLives', 'leaseSeconds', 'recordDays', 'historyDays'];

/** Ports whose worker ends once. `calls`: how many there were so far. */
export function crashingPorts(
  ports: PurgePorts,
  at: CrashAt,
): { readonly ports: PurgePorts; readonly calls: () => number } {
  let calls = 0;
  /** Whether the worker ends when this call is over. */
  const begin = (): boolean => {
    calls += 1;
    if (calls === at.call && at.when === 'before') throw new Crash();
    return calls === at.call;
  };
  async function* batchesOf<T>(all: AsyncIterable<T>): AsyncGenerator<T> {
    const inner = all[Symbol.asyncIterator]();
    for (;;) {
      const ends = begin();
      const { value, done } = await inner.next();
      if (ends) throw new Crash();
      if (done) return;
      yield value;
    }
  }
  const callOf = async (method: () => unknown): Promise<unknown> => {
    const ends = begin();
    const answer = await method();
    if (ends) throw new Crash();
    return answer;
  };
  const { rows, landingVersions, archiveVersions, expired, history } = ports;
  const isIterated = (port: object, name: string): boolean =>
    port === expired
      ? name === 'find'
      : port === history
        ? name === 'deliveries' || name === 'syncs'
        : port === rows || port === landingVersions || port === archiveVersions;
  const through = (port: object): object =>
    new Proxy(port, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as (...args: readonly unknown[]) => unknown;
        return (...args: readonly unknown[]) =>
          isIterated(target, String(name))
            ? batchesOf(method.apply(target, [...args]) as AsyncIterable<unknown>)
            : callOf(() => method.apply(target, [...args]));
      },
    });
  const entries = Object.entries(ports).map(([name, port]) => [name, VALUES.includes(name) ? port : through(port)]);
  return { ports: Object.fromEntries(entries) as PurgePorts, calls: () => calls };
}
