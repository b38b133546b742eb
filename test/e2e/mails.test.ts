import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOCAL } from '../../lib/local/names.ts';
import { sftp } from './openssh.ts';
import { cleanUp, type RunningStack, rollcall, startLocal, temporaryFolder, until } from './rollcall-process.ts';

const folder = temporaryFolder();
const data = join(folder, 'data');
const DISTRICT = 'maple-unified';
const CONTACT = 'roster@maple.example';
let stack: RunningStack;

beforeAll(async () => {
  await rollcall(['generate', folder, '--students', '300', '--seed', '4', '--days', '2']);
  cpSync(join(folder, 'day-2'), join(folder, 'cut'), { recursive: true });
  cpSync(join(folder, 'day-2'), join(folder, 'headless'), { recursive: true });
  const users = readFileSync(join(folder, 'day-2/users.csv'), 'utf8').split('\n');
  writeFileSync(join(folder, 'cut/users.csv'), `${users.slice(0, users.length / 2).join('\n')}\n`);
  // A file that cannot be trusted as a whole (R7): its quote is never closed.
  writeFileSync(join(folder, 'headless/users.csv'), `${users[0]}\n"never closed`);
  stack = await startLocal(['--data', data, '--quiet-seconds', '1', '--export', join(folder, 'day-1')]);
  expect(await stack.nextSync()).toMatchObject({ state: 'applied' });
  const set = ['district', 'set', DISTRICT, `contacts=["${CONTACT}"]`, '--local', '--data', data, '--json'];
  expect(await rollcall(set)).toMatchObject({ code: 0 });
});

afterAll(cleanUp);

interface Kept {
  readonly to: string;
  readonly replyTo: string;
  readonly subject: string;
  readonly text: string;
}

const mails = async () =>
  (await rollcall(['mails', '--local', '--data', data, '--json'])).json[0]?.['mails'] as readonly Kept[];

const syncs = async () =>
  (await rollcall(['syncs', DISTRICT, '--local', '--data', data, '--json'])).json[0]?.['syncs'] as readonly {
    readonly id: string;
    readonly state: string;
  }[];

async function upload(name: string, state: string): Promise<string> {
  const known = new Set((await syncs()).map(({ id }) => id));
  const files = readdirSync(join(folder, name)).map((file) => `put ${join(folder, name, file)} /${file}`);
  expect(await sftp(stack.ready.sftp, files)).toMatchObject({ code: 0 });
  const sync = await until(`${name} is ${state}`, async () => {
    const found = (await syncs()).find(({ id }) => !known.has(id));
    return found?.state === state && found;
  });
  return sync.id;
}

const mailsAbout = (syncId: string, count: number) =>
  until(`${count} mails about ${syncId}`, async () => {
    const about = (await mails()).filter(({ text }) => text.includes(syncId));
    return about.length === count && about;
  });

test('a held and a rejected export are mailed once each, the same bytes again are not (R7, R11, R22)', async () => {
  expect(await mails()).toEqual([]);
  const held = await upload('cut', 'held');
  const [about] = await mailsAbout(held, 1);
  expect(about).toMatchObject({
    to: CONTACT,
    subject: expect.stringMatching(/^Held: .*Maple/),
    replyTo: LOCAL.support.email,
  });

  const rejected = await upload('headless', 'rejected');
  const [refusal] = await mailsAbout(rejected, 1);
  expect(refusal).toMatchObject({ to: CONTACT, subject: expect.stringMatching(/^Rejected: .*Maple/) });
  for (const { text } of [about!, refusal!]) expect(text).not.toMatch(/users\.csv|headless/);

  // Nothing new, nothing to tell.
  await upload('day-1', 'unchanged');
  expect(await mails()).toHaveLength(2);

  const page = await (await fetch(new URL('/mails', stack.ready.http))).text();
  expect(page).toContain('Held: ');
  expect(page).toContain(held);
});

test('an upload that is cut off is mailed once, however often it is tried again (R16, R22)', async () => {
  const before = (await mails()).length;
  for (const name of ['cut.zip', 'again.zip']) {
    writeFileSync(join(folder, name), 'PK\u0003\u0004 and nothing more');
    expect(await sftp(stack.ready.sftp, [`put ${join(folder, name)} /${name}`])).toMatchObject({ code: 0 });
  }
  const mail = await until('a mail about it', async () =>
    (await mails()).find(({ subject }) => /^Incomplete/.test(subject)),
  );
  expect(mail).toMatchObject({ to: CONTACT, text: expect.stringContaining('Send the whole export again') });
  expect(mail.text).not.toMatch(/cut\.zip|again\.zip/);
  expect(await mails()).toHaveLength(before + 1);
});
