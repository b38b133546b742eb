import fc from 'fast-check';
import { RECORD_KINDS } from '../../../lib/core/oneroster/kinds.ts';
import { type Column, TABLES } from '../../../lib/core/oneroster/tables.ts';
import { ModelTable } from '../../support/model-table.ts';
import { PLAIN } from '../../support/plain-delivery.ts';
import { planAgainst, sync } from '../../support/plan-trial.ts';
import { portalEdits, shuffles, wildDeliveries } from '../../support/small-deliveries.ts';
import { filesOf, type SmallDelivery, type SmallRow, uploadOf } from '../../support/small-delivery.ts';

const RUNS = { numRuns: Number(process.env['LAW_RUNS'] ?? 30) };

/** A text that no code of ours can contain by chance. */
const CANARY = 'qzcanary';
const BAD_CANARY = `${CANARY}\u0007`;

const canaryIn = (column: Column, bad: boolean): string | null => {
  if (!column.stored) return CANARY;
  if (column.target !== undefined) return null;
  if (column.type === 'string' || column.type === 'stringList') return bad ? BAD_CANARY : CANARY;
  return bad ? CANARY : null;
};

/** Canaries in every cell that is no id and no reference, where `which` says so. */
function withCanaries(delivery: SmallDelivery, which: (at: number) => boolean): SmallDelivery {
  let at = 0;
  const entries = RECORD_KINDS.map((kind) => {
    const rows = delivery[kind].rows.map((row): SmallRow => {
      const more = TABLES[kind].columns.flatMap((column) => {
        const raw = canaryIn(column, which(at++));
        return raw === null ? [] : [[column.name, { raw, means: raw }] as const];
      });
      return { ...row, cells: { ...row.cells, ...Object.fromEntries(more) } };
    });
    return [kind, { ...delivery[kind], rows }];
  });
  return Object.fromEntries(entries) as SmallDelivery;
}

test('R10, design §2: no cell text but a sourcedId is in any finding, whatever is wrong with the rows', async () => {
  await fc.assert(
    fc.asyncProperty(wildDeliveries, portalEdits, fc.integer({ min: 2, max: 9 }), async (delivery, _edits, every) => {
      const upload = uploadOf(filesOf(withCanaries(delivery, (at) => at % every === 0)));
      const { result } = await planAgainst(upload, new ModelTable(), {
        manualUsers: [{ username: CANARY, email: CANARY }],
      });
      expect(JSON.stringify({ ...result, changes: null })).not.toContain(CANARY);
    }),
    RUNS,
  );
});

test('R10: password, sms, phone and metadata are in no change', async () => {
  const table = new ModelTable();
  const notStored = Object.fromEntries(
    ['password', 'sms', 'phone'].map((column) => [column, { raw: CANARY, means: CANARY }]),
  );
  const rows = PLAIN.user.rows.map((row) => ({ ...row, cells: { ...row.cells, ...notStored } }));
  const files = filesOf({ ...PLAIN, user: { mode: 'bulk', rows } });
  const users = files['users.csv']!.split('\r\n').map((line, i) => {
    if (line === '') return line;
    return i === 0 ? `${line},metadata.secret` : `${line},${CANARY}`;
  });
  expect(users[1]).toContain(`${CANARY},${CANARY}`);
  const { changes, result } = await sync(uploadOf({ ...files, 'users.csv': users.join('\r\n') }), table);
  expect(result.changes.users.add).toBe(3);
  expect(JSON.stringify([changes, result])).not.toContain(CANARY);
});

test('R10: a change of nothing but a password is no change', async () => {
  const table = new ModelTable();
  await sync(uploadOf(filesOf(PLAIN)), table);
  const cells = { password: { raw: CANARY, means: CANARY } };
  const rows = PLAIN.user.rows.map((row) => ({ ...row, cells: { ...row.cells, ...cells } }));
  const { changes } = await planAgainst(uploadOf(filesOf({ ...PLAIN, user: { mode: 'bulk', rows } })), table);
  expect(changes).toEqual([]);
});

test('R10: demographics are planned only if the district stores them; they are checked all the same', async () => {
  const rows = PLAIN.demographics.rows.map((row) => ({ ...row, cells: { sex: { raw: CANARY, means: null } } }));
  const upload = uploadOf(filesOf({ ...PLAIN, demographics: { mode: 'bulk', rows } }));
  const [kept, dropped] = [
    await planAgainst(upload, new ModelTable(), { storeDemographics: true }),
    await planAgainst(upload, new ModelTable(), { storeDemographics: false }),
  ];
  expect(kept.changes.filter(({ kind }) => kind === 'demographics')).toHaveLength(1);
  expect(dropped.changes.filter(({ kind }) => kind === 'demographics')).toEqual([]);
  expect(dropped.result.findings).toEqual(kept.result.findings);
  expect(dropped.result.findingCounts.byCode['bad-enumeration']).toBe(1);
});

test('design §2: a file without its header line gives away no cell of its first row', async () => {
  await fc.assert(
    fc.asyncProperty(wildDeliveries, shuffles, fc.boolean(), async (delivery, shuffle, everywhere) => {
      const files = filesOf(
        withCanaries(delivery, () => everywhere),
        { shuffle },
      );
      const headless = Object.entries(files).map(([name, text]) => [
        name,
        name === 'manifest.csv' ? text : text.slice(text.indexOf('\n') + 1),
      ]);
      const { result } = await planAgainst(uploadOf(Object.fromEntries(headless)), new ModelTable());
      expect(JSON.stringify({ ...result, changes: null })).not.toContain(CANARY);
    }),
    RUNS,
  );
});
