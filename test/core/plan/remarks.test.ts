import { ModelTable } from '../../support/model-table.ts';
import { edited, PLAIN, withCopy } from '../../support/plain-delivery.ts';
import { planAgainst } from '../../support/plan-trial.ts';
import { filesOf, type SmallDelivery, uploadOf } from '../../support/small-delivery.ts';

async function remarks(delivery: SmallDelivery, manualUsers: readonly { username: string; email: string }[] = []) {
  const { result, changes } = await planAgainst(uploadOf(filesOf(delivery)), new ModelTable(), { manualUsers });
  const said = result.findings.map(({ code, severity, row, sourcedId }) => [severity, code, row, sourcedId].join(' '));
  return { said, changes };
}

test('the plain district is nothing to remark on', async () => {
  expect((await remarks(PLAIN)).said).toEqual([]);
});

test.each([
  ['username', { username: 'STUDENT.name', email: '' }],
  ['e-mail', { username: 'somebody', email: 'Ann@example.com' }],
])('R2: a manual user of the same %s is said and changes nothing', async (_what, manual) => {
  const delivery = edited(PLAIN, 'user', 'student', { email: 'ann@EXAMPLE.com' });
  const { said, changes } = await remarks(delivery, [manual]);
  expect(said).toEqual(['info manual-lookalike 2 student']);
  expect(changes).toEqual((await remarks(delivery)).changes);
});

test('R2: blank e-mails are not the same e-mail', async () => {
  expect((await remarks(PLAIN, [{ username: 'somebody', email: '' }])).said).toEqual([]);
});

test('facts §5: a class with two primary teachers is said once, as the class', async () => {
  const primary = edited(PLAIN, 'enrollment', 'desk', { primary: 'true' });
  expect((await remarks(primary)).said).toEqual([]);
  const rows = [2, 3].reduce((before, n) => withTeacher(before, `desk${n}`), primary);
  expect((await remarks(rows)).said).toEqual(['warning several-primary-teachers  class']);
});

test('facts §5: schoolYear is the year in which a school year ends; terms are not looked at', async () => {
  const year = edited(PLAIN, 'academicSession', 'year', { schoolYear: '2026' });
  expect((await remarks(year)).said).toEqual(['warning school-year-start 2 year']);
  expect((await remarks(edited(PLAIN, 'academicSession', 'term', { schoolYear: '2026' }))).said).toEqual([]);
});

/** With the teacher's enrollment once more, under another id. */
function withTeacher(delivery: SmallDelivery, id: string): SmallDelivery {
  const copied = withCopy(delivery, 'enrollment', 'desk');
  const rows = copied.enrollment.rows.map((row, i) => (i === copied.enrollment.rows.length - 1 ? { ...row, id } : row));
  return { ...copied, enrollment: { mode: 'bulk', rows } };
}
