import fc from 'fast-check';
import type { Change } from '../../../lib/core/plan/change.ts';
import { PLAN_SECTIONS, REKEY_SECTION, sectionOf } from '../../../lib/core/plan/sections.ts';
import type { PlanStore } from '../../../lib/ports/plan-store.ts';
import { active, change, inactive, lineOf, userLine } from './changes.ts';
import { collect } from './world.ts';

const USERS = sectionOf('user', 'add');
const GONE = sectionOf('user', 'deactivate');
const ORGS = sectionOf('org', 'add');

let prefixes = 0;
const newPrefix = () => `plans/maple/s-${++prefixes}/1/`;

const users = (count: number): Change[] =>
  Array.from({ length: count }, (_, i) =>
    change(
      'user',
      `p${i}`,
      i % 2 ? active(userLine(`u${i}`, 's1')) : null,
      active(userLine(`u${i}`, 's2', { email: `é${i}@b` })),
    ),
  );

/** What a store of plans must do. */
export function planStoreConformance(name: string, open: () => PlanStore): void {
  describe(`${name}: plans`, () => {
    let store: PlanStore;
    beforeEach(() => {
      store = open();
    });
    const read = (prefix: string, section = USERS, offset = 0) => collect(store.readSection(prefix, section, offset));

    test('both sides of a re-key come back as they were written (R12)', async () => {
      const prefix = newPrefix();
      const rekey: Change = {
        ...change('user', 'p1', null, active(userLine('n1', 's1'))),
        partner: {
          ...change('user', 'p2', active(userLine('u1', 's1')), { ...inactive(userLine('u1', 's1')), movedTo: 'n1' }),
          productIdBefore: 'p1',
        },
      };
      const writer = store.writer(prefix);
      await writer.write(REKEY_SECTION, [rekey]);
      await writer.end();
      expect(await read(prefix, REKEY_SECTION)).toEqual([rekey]);
    });

    test('a plan that is renewed reads as before, also where it is not there', async () => {
      const prefix = newPrefix();
      await store.renew(prefix);
      const writer = store.writer(prefix);
      await writer.write(USERS, users(3));
      await writer.end();
      await store.renew(prefix);
      expect((await read(prefix)).flat()).toEqual(users(3));
    });

    test('what is written in pieces, in any order of sections, is read in the order of writing', async () => {
      const prefix = newPrefix();
      const changes = users(3);
      const org = change('org', 'o', null, active(lineOf('org', 'o1', { name: 'A', type: 'school' })));
      const gone = change('user', 'p9', active(userLine('u9', 's1')), inactive(userLine('u9', 's1')));
      const writer = store.writer(prefix);
      await writer.write(USERS, changes.slice(0, 1));
      await writer.write(GONE, [gone]);
      await writer.write(ORGS, [org]);
      await writer.write(USERS, []);
      await writer.write(USERS, changes.slice(1));
      await writer.end();
      expect(await read(prefix)).toEqual(changes);
      expect(await read(prefix, GONE)).toEqual([gone]);
      expect(await read(prefix, ORGS)).toEqual([org]);
      for (const section of PLAN_SECTIONS.filter((each) => ![USERS, GONE, ORGS].includes(each)))
        expect(await read(prefix, section)).toEqual([]);
      expect(await read(newPrefix())).toEqual([]);
    });

    test('nothing can be read before the end; an abandoned plan never was', async () => {
      const prefix = newPrefix();
      const writer = store.writer(prefix);
      await writer.write(USERS, users(3));
      expect(await read(prefix)).toEqual([]);
      await writer.abandon();
      await writer.abandon();
      expect(await read(prefix)).toEqual([]);
    });

    test('a large section comes in batches, from any offset', async () => {
      const prefix = newPrefix();
      const changes = users(3_000);
      const writer = store.writer(prefix);
      for (let start = 0; start < changes.length; start += 700)
        await writer.write(USERS, changes.slice(start, start + 700));
      await writer.end();
      let batches = 0;
      for await (const batch of store.readSection(prefix, USERS, 0)) {
        expect(batch.length).toBeLessThan(1_000);
        batches++;
      }
      expect(batches).toBeGreaterThan(1);
      for (const offset of [0, 1, 499, 500, 2_999, 3_000, 9_999])
        expect(await read(prefix, USERS, offset)).toEqual(changes.slice(offset));
    });

    test('a reader may stop early', async () => {
      const prefix = newPrefix();
      const writer = store.writer(prefix);
      await writer.write(USERS, users(2_000));
      await writer.end();
      for await (const batch of store.readSection(prefix, USERS, 0)) {
        expect(batch.length).toBeGreaterThan(0);
        break;
      }
      expect(await read(prefix, USERS, 1_999)).toHaveLength(1);
    });

    test('law: any text comes back', async () => {
      const text = fc.string({ unit: 'binary' }).map((value) => value.replace(/[\u0000-\u001f\u007f]|\p{Cs}/gu, ''));
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(text, text, text), { maxLength: 5 }), async (texts) => {
          const prefix = newPrefix();
          const changes = texts.map(([id, givenName, email]) =>
            change('user', id, inactive(userLine(id, 's', { email })), active(userLine(id, 's', { givenName }))),
          );
          const writer = store.writer(prefix);
          await writer.write(USERS, changes);
          await writer.end();
          expect(await read(prefix)).toEqual(changes);
        }),
        { numRuns: 50 },
      );
    });
  });
}
