import { districtSettingsSchema } from '../../lib/core/district/settings.ts';
import { setUpSheet } from '../../lib/pages/set-up-sheet.ts';
import { sheetAsHtml } from '../../lib/pages/set-up-sheet-html.ts';
import { sheetAsMarkdown } from '../../lib/pages/set-up-sheet-markdown.ts';
import type { SetUpSheetModel } from '../../lib/pages/set-up-sheet-model.ts';

const FINGERPRINT = 'SHA256:2EPqmpSRaRtUIqwvm15rzavssrhHxJ3avJWh9mBaz8M';

function modelOf(settings: object = {}, login: Partial<SetUpSheetModel['login']> = {}): SetUpSheetModel {
  return {
    settings: districtSettingsSchema.parse({ districtId: 'maple', name: 'Maple', ...settings }),
    login: { username: 'maple', hasPassword: true, keyFingerprints: [], allowedCidrs: [], ...login },
    sftp: {
      host: 'sftp.rollcall.example',
      port: 22,
      hostKeys: [{ type: 'ssh-ed25519', bits: 256, fingerprint: FINGERPRINT }],
      addresses: ['198.51.100.10', '198.51.100.11'],
    },
    signOnUrl: 'https://sso.rollcall.example',
    support: { email: 'rosters@rollcall.example', phone: '+1 480 555 0100' },
    reportsInFolder: false,
  };
}

const JULY = { from: '2027-07-01', to: '2027-07-31' };

const markdown = (...given: Parameters<typeof modelOf>) => sheetAsMarkdown(setUpSheet(modelOf(...given)));
const html = (...given: Parameters<typeof modelOf>) => sheetAsHtml(setUpSheet(modelOf(...given)));

/** What a reader of the page sees. */
const seen = (page: string): string =>
  page
    .replace(/<(?:style|title)>[\s\S]*?<\/(?:style|title)>/g, '')
    .replace(/<[^>]*>/g, '\n')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/\s+/g, '');

const seenInMarkdown = (page: string): string =>
  page
    .replace(/^(?:#+ |- |\d+\. |```$|\| --- .*$)/gm, '')
    .replace(/(?<!\\)[|*`]/g, '')
    .replace(/\\(.)/g, '$1')
    .replace(/\s+/g, '');

test.each<[string, object, Partial<SetUpSheetModel['login']>]>([
  ['as little as there can be', {}, {}],
  [
    'all that there can be',
    {
      classLinkTenantId: 2284,
      storeDemographics: true,
      contacts: ['it_desk@maple.example'],
      calendar: { days: ['mon'], time: '02:30', holidays: ['2026-12-25'], blackouts: [JULY] },
      sso: { roles: 'teachers' },
    },
    { hasPassword: false, keyFingerprints: [FINGERPRINT], allowedCidrs: ['203.0.113.0/24', '2001:db8::/32'] },
  ],
  ['a name that would be markup', { name: '<b>*Maple* | [x](y)</b> `#1`' }, {}],
])('Markdown and HTML say the same: %s', (_name, settings, login) => {
  expect(seenInMarkdown(markdown(settings, login))).toBe(seen(html(settings, login)));
});

test('a name cannot become markup', () => {
  const name = '<img src=x onerror=alert(1)> **x** | y';
  expect(html({ name })).not.toContain('<img');
  expect(markdown({ name })).toContain('\\<img src=x onerror=alert(1)\\> \\*\\*x\\*\\* \\| y');
});

test.each<[string, object, Partial<SetUpSheetModel['login']>, string[], string[]]>([
  ['no tenant yet', {}, {}, ['- Please send us your **ClassLink Tenant ID**'], ['We know you']],
  ['the tenant', { classLinkTenantId: 2284 }, {}, ['Tenant ID `2284`'], ['send us your **ClassLink']],
  [
    'no days agreed',
    {},
    {},
    ['`02:00` (`America/New_York`)', 'send us the **days, time and holidays**'],
    ['We expect it'],
  ],
  [
    'days',
    { calendar: { days: ['mon', 'wed'], time: '03:15' }, timeZone: 'America/Denver' },
    {},
    [
      '| Days | Monday, Wednesday |',
      '| Time | `03:15` (`America/Denver`) |',
      '**120 minutes**',
      'send us your holidays',
    ],
    ['for example', 'days, time and holidays'],
  ],
  [
    'holidays and the summer, in order',
    { calendar: { days: ['mon'], time: '03:15', holidays: ['2027-12-25', '2026-12-25'], blackouts: [JULY] } },
    {},
    ['| No export on | 2026-12-25, 2027-07-01 to 2027-07-31, 2027-12-25 |', 'that are missing above'],
    ['no days yet'],
  ],
  [
    'nobody to write to',
    {},
    {},
    ['- Please send us the **e-mail addresses**', 'We have no address yet'],
    ['we write to `'],
  ],
  ['contacts', { contacts: ['it@maple.example'] }, {}, ['we write to `it@maple.example`'], ['e-mail addresses']],
  ['demographics', { storeDemographics: true }, {}, ['**Demographics**: on'], ['off. We do not store them']],
  ['first export held', {}, {}, ['Only then is it applied'], []],
  ['first export applied', { firstSync: 'apply' }, {}, ['within minutes and apply it'], ['Only then']],
  ['sign-on off', { sso: { roles: 'off' } }, {}, ['Sign-on is switched off for you'], []],
  [
    'keys only',
    {},
    { hasPassword: false, keyFingerprints: [FINGERPRINT] },
    [`| Signs in with | SSH key \`${FINGERPRINT}\` |`, 'sftp -P 22 -i your-key maple@', 'needs the **private** key'],
    ['Password', 'sftp -P 22 maple@'],
  ],
  [
    'both',
    {},
    { keyFingerprints: [FINGERPRINT] },
    ['| Signs in with | **Password**: sent to you separately |', '| or | SSH key', '22 maple@', '-i your-key maple@'],
    [],
  ],
  [
    'addresses',
    {},
    { allowedCidrs: ['203.0.113.7', '2001:db8::/32'] },
    ['You may connect from: `203.0.113.7`, `2001:db8::/32`.'],
    ['any address', 'Comes from'],
  ],
  [
    'from anywhere, with a password',
    {},
    {},
    ['from any address', 'sftp -P 22 maple@'],
    ['| any |', 'your-key', 'private'],
  ],
])('what is agreed with the district: %s', (_name, settings, login, has, hasNot) => {
  const page = markdown(settings, login);
  for (const text of has) expect(page).toContain(text);
  for (const text of hasNot) expect(page).not.toContain(text);
});

test('the table under "Enter:" has fields of ClassLink and nothing else', () => {
  const [, below = ''] = markdown({}, { allowedCidrs: ['203.0.113.7'] }).split('Enter:');
  const rows = below.split('\n\n')[1]?.split('\n').slice(2) ?? [];
  expect(rows.map((row) => row.split(' | ')[0])).toEqual(
    ['Host', 'Port', 'User name', 'Signs in with', 'Folder', 'Template'].map((name) => `| ${name}`),
  );
});

describe('how we are reached', () => {
  const page = (change: Partial<SetUpSheetModel>) => sheetAsMarkdown(setUpSheet({ ...modelOf(), ...change }));

  test('by phone or mail, at the top and where the fingerprint is wrong', () => {
    const said = 'Call `+1 480 555 0100`, or write to `rosters@rollcall.example`.';
    expect(page({}).split(said)).toHaveLength(3);
    expect(page({})).toContain(`tell us at once. ${said}`);
  });

  test('by mail alone, where there is no phone', () => {
    const only = page({ support: { email: 'rosters@rollcall.example', phone: null } });
    expect(only).toContain('tell us at once. Write to `rosters@rollcall.example`.');
    expect(only).not.toMatch(/\bCall\b/);
  });

  test('our addresses are said where they are fixed, and only there', () => {
    expect(page({})).toContain('if your firewall wants them: `198.51.100.10`, `198.51.100.11`, port `22`.');
    expect(page({ sftp: { ...modelOf().sftp, addresses: [] } })).not.toContain('firewall');
  });
});

test('nothing strong has a blank at its edge, where Markdown would show the asterisks', () => {
  const isPiece = (each: object): each is { readonly strong: string } => 'strong' in each;
  const strongIn = (part: unknown): string[] =>
    typeof part !== 'object' || part === null
      ? []
      : [...(isPiece(part) ? [part.strong] : []), ...Object.values(part).flatMap(strongIn)];
  const strong = strongIn(setUpSheet(modelOf({ sso: { roles: 'teachers' } }, { keyFingerprints: [FINGERPRINT] })));
  expect(strong).toContain('Questions?');
  expect(strong.filter((text) => text.trim() !== text)).toEqual([]);
});

test('a test upload: what it does, and how one hears of it', () => {
  expect(markdown()).toContain('folder called `test`: they are read, and never applied. Ask us what we found.');
});

test('reports are promised only where there are reports', () => {
  const promised = sheetAsMarkdown(setUpSheet({ ...modelOf(), reportsInFolder: true }));
  for (const file of ['report.html', 'findings.csv', 'status.json']) {
    expect(promised).toContain(file);
    expect(markdown()).not.toContain(file);
  }
  expect(promised).toContain('## 7. How to read the report');
  expect(markdown()).toContain('## 7. How to read our mails');
  expect(markdown()).toContain('Answer one, and we send you the rows');
});

test('the page brings everything along and runs nothing', () => {
  expect(html()).not.toMatch(/<script|<link|src=|@import|url\(/);
});
