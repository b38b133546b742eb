import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { wireSftpAuth } from '../../lambdas/sftp-auth/wire.ts';
import { SFTP_AUTH_DISTRICT_READS, SFTP_AUTH_READS } from '../../lib/contracts/sftp-auth-rights.ts';
import {
  DISTRICTS_PARTITION,
  mailsPartition,
  syncedPartition,
  syncsPartition,
} from '../../lib/contracts/table-keys.ts';
import { authenticateSftp } from '../../lib/flows/authenticate-sftp.ts';
import { covers } from '../support/leading-keys.ts';

const RIGHTS = [SFTP_AUTH_READS, SFTP_AUTH_DISTRICT_READS];
const isCovered = (partition: string): boolean => RIGHTS.some((keys) => covers(keys, partition));
const ENV = { TABLE_NAME: 't', LANDING_BUCKET: 'l', LANDING_KEY_ARN: 'k', SFTP_ROLE_ARN: 'r' };

/** What a login asks the table; it has the login `known-name` and nothing else. */
async function askedBy(username: string): Promise<readonly (readonly [string, string])[]> {
  const asked: (readonly [string, string])[] = [];
  const send = async (command: { readonly input: { readonly Key: { readonly pk: { readonly S: string } } } }) => {
    const { S: partition } = command.input.Key.pk;
    asked.push([command.constructor.name, partition]);
    if (partition !== 'SFTP#known-name') return {};
    return { Item: { districtId: { S: 'maple' }, publicKeys: { L: [] }, allowedCidrs: { L: [] } } };
  };
  const { report: _, ...deps } = wireSftpAuth(ENV, { dynamodb: { send } as unknown as DynamoDBClient });
  const event = { username, password: 'x', protocol: 'SFTP', serverId: 's-0', sourceIp: '203.0.113.7' } as const;
  expect(await authenticateSftp(event, deps)).toEqual({});
  return asked;
}

test.each(['known-name', 'unknown-name', 'root', '', 'maple#R#user#0', 'x#y', 'a*b'])(
  'what the login of "%s" asks the table is a GetItem that it has a right to: no name makes it fail',
  async (username) => {
    const asked = await askedBy(username);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter(([command, partition]) => command !== 'GetItemCommand' || !isCovered(partition))).toEqual([]);
  },
);

test.each([
  ['users', syncedPartition('d', 'user', 0)],
  ['syncs', syncsPartition('d')],
  ['mails', mailsPartition('d')],
  ['sessions', 'SESSION#1'],
  ['the list of districts', DISTRICTS_PARTITION],
])('it may not read %s', (_, partition) => {
  expect(isCovered(partition)).toBe(false);
});
