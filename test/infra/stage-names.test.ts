import { readStageNames } from '../../lib/contracts/stage-names.ts';
import { foundation, resources, settings, watch } from './synthesized.ts';

/** A value of a template with each reference as `{name}`, as CloudFormation will fill it in. */
function filledIn(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[name, inner] = ['', '']] = Object.entries(value as object);
  if (name === 'Fn::Join') return (inner as [string, readonly unknown[]])[1].map(filledIn).join('');
  if (name === 'Fn::GetStackOutput') return `{${(inner as { readonly OutputName: string }).OutputName}}`;
  return `{${Array.isArray(inner) ? inner.join('.') : String(inner)}}`.replaceAll('"', '');
}

const [parameter] = Object.values(watch.findResources('AWS::SSM::Parameter'));
const names = readStageNames('dev', filledIn(parameter?.['Properties'].Value));

test('the parameter of a stage is one that its command line can read', () => {
  expect(names).toMatchObject({ stage: 'dev', region: settings.region, support: settings.support });
});

test('it has each fixed address of the SFTP server, and nothing but addresses', () => {
  const addresses = Object.keys(foundation.findResources('AWS::EC2::EIP')).map((id) => ({
    'Fn::GetAtt': [id, 'PublicIp'],
  }));
  const exported = Object.entries(foundation.findOutputs('*')).flatMap(([name, { Value }]) =>
    names.sftpAddresses.includes(`{${name}}`) ? [Value] : [],
  );
  expect(addresses.length).toBeGreaterThan(0);
  expect(exported).toHaveLength(names.sftpAddresses.length);
  expect(exported).toEqual(expect.arrayContaining(addresses));
});

test('answers to our mails go to people of ours', () => {
  const variables = resources('AWS::Lambda::Function').map(
    ([, { Properties }]) => (Properties['Environment'] as { readonly Variables?: object } | undefined)?.Variables ?? {},
  );
  expect(variables).toContainEqual(expect.objectContaining({ MAIL_REPLY_TO: settings.support.email }));
  expect(variables).toContainEqual(expect.objectContaining({ HISTORY_DAYS: String(settings.historyDays) }));
});
