import { checkStageSettings } from '../../lib/infra/check-stage-settings.ts';
import { type StageSettings, stageSettings } from '../../lib/infra/stage-settings.ts';
import { filledIn } from './filled-in.ts';

const PROD = filledIn('prod');
const { sftp, mail, workers, sso } = PROD;

test.each<[string, Partial<StageSettings>, RegExp]>([
  ['an account of eleven digits', { account: '22222222222' }, /account: twelve/],
  ['a zone of another Region', { availabilityZones: ['eu-west-1a'] }, /availabilityZones/],
  ['four zones', { availabilityZones: ['a', 'b', 'c', 'd'].map((zone) => `us-east-1${zone}`) }, /availabilityZones/],
  ['16 minutes', { workers: { ...workers, plan: { ...workers.plan, timeoutSeconds: 960 } } }, /workers\.plan\.timeout/],
  ['exports kept for a week', { exportDays: 7 }, /exportDays/],
  ['half a day of plans', { planDays: 0.5 }, /planDays/],
  ['a plan that outlives the word that its upload failed', { planDays: 41, historyDays: 400 }, /planDays/],
  ['a history that ends before its undo does', { historyDays: 59 }, /historyDays/],
  ['a history that ends while deliveries of it may wait', { exportDays: 100, historyDays: 129 }, /historyDays/],
  ['records that do not last the summer', { recordDays: 60 }, /recordDays/],
  ['a scheme in the SFTP host', { sftp: { ...sftp, hostName: 'sftp://a.example' } }, /sftp\.hostName/],
  ['nobody may come', { sftp: { ...sftp, allowedCidrs: [] } }, /sftp\.allowedCidrs/],
  ['a range that is none', { sftp: { ...sftp, allowedCidrs: ['300.0.0.0/8'] } }, /sftp\.allowedCidrs/],
  [
    'an allow list without a security group',
    { sftp: { ...sftp, endpoint: 'public', allowedCidrs: ['192.0.2.0/24'] } },
    /public end point/,
  ],
  ['a sender of another domain', { mail: { ...mail, from: 'a@b.example' } }, /mail\.from/],
  ['a support address that is none', { support: { email: 'call us', phone: null } }, /support\.email/],
  ['a phone number in words', { support: { email: 'a@b.example', phone: 'ask Ann' } }, /support\.phone/],
  ['alarms for nobody', { alarms: { emails: [] } }, /alarms\.emails/],
  ['a domain that is neither made nor there', { mail: { ...mail, identity: 'yes' as 'make' } }, /mail\.identity/],
  ['a runbook that nobody can click', { runbookUrl: 'docs/runbook.md' }, /runbookUrl/],
  ['a runbook without TLS', { runbookUrl: 'http://a.org/runbook.md' }, /runbookUrl/],
  ['a runbook at a heading', { runbookUrl: 'https://a.org/runbook.md#alarms' }, /runbookUrl/],
  ['a prod without a name of its own, which districts would pin', { sftp: { ...sftp, hostName: null } }, /of your own/],
  ['a watch that never runs', { watchAtOnce: 0 }, /watchAtOnce/],
  ['a sign-on that cannot be', { sso: { ...sso, products: [] } }, /sso\.products/],
])('refuses %s, and says so', (_, change, says) => {
  expect(() => checkStageSettings({ ...PROD, ...change })).toThrow(says);
});

test('a dev may have the name that AWS gives', () => {
  const dev = filledIn('dev');
  expect(dev.sftp.hostName).toBeNull();
  expect(checkStageSettings(dev)).toBe(dev);
});

describe('what stands for a real value', () => {
  test.each(['dev', 'prod'] as const)(
    '%s: is fine while the account is nobody’s, and is refused with a real one',
    (stage) => {
      expect(stageSettings(stage).stage).toBe(stage);
      expect(() => stageSettings(stage, '222222222222')).toThrow(/mail\.domain: mail\..* stands for a real one/);
      expect(checkStageSettings(filledIn(stage)).account).toBe('222222222222');
    },
  );

  test('is named all at once, each by its place', () => {
    const faultsOf = (stage: string) => {
      try {
        stageSettings(stage, '222222222222');
      } catch (error) {
        return [...String(error).matchAll(/^ {2}([\w.]+): .* stands for a real one$/gm)].map(([, at]) => at);
      }
      return [];
    };
    expect(faultsOf('prod')).toEqual([
      'sftp.hostName',
      'support.email',
      'alarms.emails.0',
      'runbookUrl',
      'mail.from',
      'mail.domain',
      'sso.domain.hostName',
      'sso.domain.certificateArn',
      'sso.products.0.redirectUris.0',
      'sso.products.0.initiateLoginUri',
      'sso.products.0.postLogoutRedirectUris.0',
    ]);
    expect(faultsOf('dev')).toEqual(expect.arrayContaining(['mail.domain', 'sso.products.0.redirectUris.0']));
  });

  test('is no name that only looks like one', () => {
    const changed = { ...PROD, runbookUrl: 'https://git.example.org/runbook.example.md' };
    expect(checkStageSettings(changed)).toBe(changed);
  });

  test('together with other faults: one look shows them all', () => {
    const wrong = { ...PROD, exportDays: 7, alarms: { emails: ['a@b.example'] }, sso: { ...sso, products: [] } };
    expect(() => checkStageSettings(wrong)).toThrow(
      /exportDays.*\n.*sso\.products.*\n.*alarms\.emails\.0: a@b\.example stands/,
    );
  });
});
