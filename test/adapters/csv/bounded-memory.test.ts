import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readTable } from '../../../lib/adapters/csv/csv-table.ts';
import { bytesOf } from './read-events.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const MIB = 1024 * 1024;

/** A row of 164 bytes, one of its cells quoted. */
const ROW = `enrollment,"${'c'.repeat(145)}",user\n`;

/** The most bytes of buffers that live while a source is read, over what lived before. */
const peakOfReading = async (source: () => Iterable<Buffer>) => {
  collectGarbage();
  const before = process.memoryUsage().arrayBuffers;
  let peak = 0;
  let rows = 0;
  const faults: (string | null)[] = [];
  const measured = async function* (): AsyncGenerator<Uint8Array> {
    let count = 0;
    for (const chunk of source()) {
      yield chunk;
      count += 1;
      if (count % 10 !== 0) continue;
      collectGarbage();
      peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
    }
  };
  for await (const event of readTable(measured)) {
    if (event.type !== 'rows') continue;
    rows += event.rows.length;
    if (rows < 1_000) faults.push(...event.rows.map((row) => row.fault));
  }
  return { peak, rows, faults };
};

test('a row of 10 MiB is held at no time, and the rows around it are read', async () => {
  const { peak, rows, faults } = await peakOfReading(function* () {
    yield bytesOf('a,b\n');
    for (let i = 0; i < 40; i += 1) yield Buffer.alloc(MIB / 4, 'x');
    yield bytesOf('\n1,2\n');
  });
  expect(rows).toBe(3);
  expect(faults).toEqual([null, 'row-too-long', null]);
  expect(peak).toBeLessThan(4 * MIB);
});

test('a file of 16 MiB passes through a few', async () => {
  const { peak, rows } = await peakOfReading(function* () {
    for (let i = 0; i < 64; i += 1) yield Buffer.from(ROW.repeat(1_600));
  });
  expect(rows).toBe(64 * 1_600);
  expect(peak).toBeLessThan(8 * MIB);
});
