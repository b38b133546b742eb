import type { Change } from '../../lib/core/plan/change.ts';
import { SliceWriter } from '../../lib/flows/slice-writer.ts';

const changes = (count: number): Change[] => Array.from({ length: count }, () => ({}) as Change);

/** Writes that end when the test says so, in the order in which they were asked for. */
class HeldWrites {
  readonly asked: { lane: number; count: number; end(outcome?: 'written' | 'fenced'): void; fail(why: Error): void }[] =
    [];

  readonly write = (lane: number, slice: readonly Change[]): Promise<'written' | 'fenced'> =>
    new Promise((resolve, reject) => {
      this.asked.push({ lane, count: slice.length, end: (outcome = 'written') => resolve(outcome), fail: reject });
    });
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('as many slices at a time as there are lanes, and no lane twice', async () => {
  const held = new HeldWrites();
  const writer = new SliceWriter(2, 0, held.write);
  await writer.send(changes(3));
  await writer.send(changes(2));
  const third = writer.send(changes(1));
  await settled();
  expect(held.asked.map(({ lane }) => lane).sort()).toEqual([0, 1]);
  held.asked[1]?.end();
  await third;
  expect(held.asked.map(({ lane, count }) => [lane, count])[2]).toEqual([held.asked[1]?.lane, 1]);
});

test('`written` counts only what is written without a gap from the start', async () => {
  const held = new HeldWrites();
  const writer = new SliceWriter(3, 100, held.write);
  for (const count of [5, 7, 9]) await writer.send(changes(count));
  expect(writer.written).toBe(100);
  held.asked[2]?.end();
  held.asked[1]?.end();
  await settled();
  expect(writer.written).toBe(100);
  held.asked[0]?.end();
  await writer.drain();
  expect(writer.written).toBe(121);
  expect([writer.takeNewlyWritten(), writer.takeNewlyWritten()]).toEqual([21, 0]);
});

test('fenced: nothing more is sent, and what was fenced is not written', async () => {
  const held = new HeldWrites();
  const writer = new SliceWriter(2, 0, held.write);
  await writer.send(changes(5));
  await writer.send(changes(5));
  held.asked[0]?.end();
  held.asked[1]?.end('fenced');
  await settled();
  expect(await writer.send(changes(5))).toBe('fenced');
  expect(await writer.drain()).toBe('fenced');
  expect([writer.written, held.asked.length]).toEqual([5, 2]);
});

test('a write that fails ends the work with its own error, after those under way', async () => {
  const held = new HeldWrites();
  const writer = new SliceWriter(2, 0, held.write);
  await writer.send(changes(5));
  await writer.send(changes(5));
  held.asked[0]?.fail(new Error('throttled'));
  await settled();
  await expect(writer.send(changes(5))).rejects.toThrow('throttled');
  const drained = writer.drain();
  held.asked[1]?.end();
  await expect(drained).rejects.toThrow('throttled');
  expect([writer.written, held.asked.length]).toEqual([0, 2]);
});
