import { gunzipSync, gzipSync } from 'node:zlib';
import { MemoryObjects } from '../../lib/adapters/memory/objects.ts';
import { memoryPlanStore } from '../../lib/adapters/memory/plan-store.ts';
import { createPlanStore } from '../../lib/adapters/plans/plan-archive.ts';
import { planSectionKey } from '../../lib/contracts/object-keys.ts';
import { sectionOf } from '../../lib/core/plan/sections.ts';
import { active, change, lineOf, userLine } from './conformance/changes.ts';
import { planStoreConformance } from './conformance/plan-store.ts';
import { collect, TestClock } from './conformance/world.ts';

const archive = () => new MemoryObjects(new TestClock()).archive;

planStoreConformance('memory', memoryPlanStore);
planStoreConformance('archive', () => createPlanStore(archive()));

describe('plans in the archive', () => {
  const ORGS = sectionOf('org', 'add');
  const KEY = planSectionKey('plans/x/', ORGS.name);
  const put = async (objects: ReturnType<typeof archive>, bytes: Uint8Array) => {
    const writer = objects.writer(KEY);
    await writer.write(bytes);
    await writer.end();
  };
  const org = change('org', 'p1', null, active(lineOf('org', 'o1', { name: 'Maple', type: 'school' })));

  test('one gzip object a section: a header line, then one line a change', async () => {
    const objects = archive();
    const writer = createPlanStore(objects).writer('plans/x/');
    await writer.write(ORGS, [org]);
    await writer.end();
    const pieces: Uint8Array[] = [];
    for await (const piece of objects.read(KEY)) pieces.push(piece);
    expect(gunzipSync(Buffer.concat(pieces)).toString()).toBe(
      [
        '{"kind":"org","columns":["sourcedId","dateLastModified","name","type","identifier","parentSourcedId"]}',
        '{"op":"add","productId":"p1","before":null,"after":{"status":"active","values":["o1","","Maple","school","",""]}}',
        '',
      ].join('\n'),
    );
  });

  test('columns are found by name: a plan survives a new column', async () => {
    const objects = archive();
    const lines = [
      '{"kind":"org","columns":["sourcedId","type","retired","name"]}',
      '{"op":"add","productId":"p1","before":null,"after":{"status":"active","values":["o1","school","x","Maple"]}}',
    ];
    await put(objects, gzipSync(`${lines.join('\n')}\n`));
    expect(await collect(createPlanStore(objects).readSection('plans/x/', ORGS, 0))).toEqual([org]);
  });

  test('a plan that was cut is a failure, not a short plan', async () => {
    const objects = archive();
    const whole = gzipSync(`{"kind":"org","columns":["sourcedId"]}\n${'{"op":"add"}\n'.repeat(9)}`);
    await put(objects, whole.subarray(0, -9));
    await expect(collect(createPlanStore(objects).readSection('plans/x/', ORGS, 99))).rejects.toThrow();
  });

  test('a full disk is met by the writer, who can still abandon', async () => {
    const full = { ...archive(), writer: () => ({ write: noSpace, end: noSpace, abandon: async () => undefined }) };
    const writer = createPlanStore(full).writer('plans/x/');
    const random = (i: number) => `${Math.sin(i)}${Math.cos(i)}`.repeat(20);
    const users = Array.from({ length: 2_000 }, (_, i) =>
      change('user', `p${i}`, null, active(userLine(`u${i}`, 's', { email: random(i) }))),
    );
    const write = async () => {
      for (let i = 0; i < 10; i++) await writer.write(sectionOf('user', 'add'), users);
      await writer.end();
    };
    await expect(write()).rejects.toThrow('no space');
    await writer.abandon();
  });
});

const noSpace = async () => {
  throw new Error('no space');
};
