import { checkStageSettings } from '../../lib/infra/check-stage-settings.ts';
import { type StageSettings, stageSettings } from '../../lib/infra/stage-settings.ts';

const PROD = stageSettings('prod', '222222222222');
const { sftp, mail, workers } = PROD;

test.each<[string, Partial<StageSettings>, RegExp]>([
  ['an account of eleven digits', { account: '22222222222' }, /account: twelve/],
  ['a zone of another Region', { availabilityZones: ['eu-west-1a'] }, /availabilityZones/],
  ['four zones', { availabilityZones: ['a', 'b', 'c', 'd'].map((zone) => `us-east-1${zone}`) }, /availabilityZones/],
  ['16 minutes', { workers: { ...workers, plan: { ...workers.plan, timeoutSeconds: 960 } } }, /workers\.plan\.timeout/],
  ['exports kept for a week', { exportDays: 7 }, /exportDays/],
  ['half a day of plans', { planDays: 0.5 }, /planDays/],
  ['a history that ends before its undo does', { historyDays: 59 }, /historyDays/],
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
])('refuses %s, and says so', (_, change, says) => {
  expect(() => checkStageSettings({ ...PROD, ...change })).toThrow(says);
});
