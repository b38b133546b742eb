import { join } from 'node:path';
import { cleanUp, rollcall, temporaryFolder } from './rollcall-process.ts';

const folder = temporaryFolder();
const data = join(folder, 'data');

afterAll(cleanUp);

test('rollcall why: one user by each of their names, and somebody whom nobody knows', async () => {
  await rollcall(['generate', folder, '--students', '30', '--seed', '2', '--zip']);
  const args = ['--data', data, '--quiet-seconds', '1', '--export', join(folder, 'day-1.zip')];
  expect((await rollcall(['local', '--once', '--json', ...args])).code).toBe(0);
  const why = (user: string, ...more: readonly string[]) =>
    rollcall(['why', 'maple-unified', user, '--local', '--data', data, ...more]);

  const roster = await rollcall(['roster', 'maple-unified', '--local', '--data', data]);
  const [header = '', ...lines] = (roster.stdout.split('== users.csv\n')[1] ?? '').split('\n');
  const at = (column: string) => header.split(',').indexOf(column);
  const student = lines.find((line) => line.includes(',student,'))?.split(',') ?? [];
  const [sourcedId, username, givenName] = [0, at('username'), at('givenName')].map((place) => student[place] ?? '');

  const found = await why(sourcedId ?? '', '--json');
  const user = { sourcedId, productId: expect.any(String), username, status: 'active', role: 'student' };
  const schools = [{ sourcedId: expect.any(String), name: expect.any(String), status: 'active' }];
  expect(found).toMatchObject({ code: 0, stderr: '' });
  expect(found.json).toMatchObject([{ district: 'maple-unified', user, answer: ['active', 'in-delivery'] }]);
  expect(found.json[0]).toMatchObject({ facts: { matchedBy: 'sourcedId', schools, movedFrom: [], held: [] } });
  // R22: who wants the name looks at the terminal.
  expect(found.stdout).not.toContain(`"${givenName}"`);
  expect((await why(username?.toUpperCase() ?? '', '--json')).json).toMatchObject([{ user }]);

  const forPeople = await why(username ?? '');
  expect(forPeople).toMatchObject({ code: 0, stderr: '' });
  expect(forPeople.stdout).toContain(`${givenName} `);
  expect(forPeople.stdout).toMatch(/users\.csv row \d+/);
  expect(forPeople.stdout).toMatch(/^class +sourcedId/m);

  const unknown = await why('nobody@example.org', '--json');
  expect(unknown).toMatchObject({ code: 1, json: [{ user: null, answer: ['unknown', 'not-in-delivery'] }] });
  expect(await why(' ', '--json')).toMatchObject({ code: 2, json: [{ error: { code: 'blank-user' } }] });
  const elsewhere = await rollcall(['why', 'oak-hill', 'x', '--local', '--data', data, '--json']);
  expect(elsewhere).toMatchObject({ code: 2, json: [{ error: { code: 'unknown-district' } }] });
});
