import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { sftpAccountKey } from '../../contracts/table-keys.ts';
import { ServiceBusy } from '../../ports/failure.ts';
import type { SftpAccount, SftpAccountRegister } from '../../ports/sftp-accounts.ts';
import { keyItem } from './table-client.ts';

/** One account, one GetItem: the look-up starts with a username, before any district is known. */
const keyOf = (username: string) => keyItem(sftpAccountKey(username));

const toItem = (account: SftpAccount, version: number): Record<string, AttributeValue> => ({
  ...keyOf(account.username),
  loginVersion: { N: String(version) },
  districtId: { S: account.districtId },
  ...(account.passwordHash === null ? {} : { passwordHash: { S: account.passwordHash } }),
  publicKeys: { L: account.publicKeys.map((S) => ({ S })) },
  allowedCidrs: { L: account.allowedCidrs.map((S) => ({ S })) },
});

/** An item without its lists is a defect: read as "from anywhere" it would open a door. */
function fromItem(username: string, item: Record<string, AttributeValue>): SftpAccount {
  const districtId = item['districtId']?.S;
  if (districtId === undefined) throw new Error('an SFTP account row is damaged');
  return {
    districtId,
    username,
    passwordHash: item['passwordHash']?.S ?? null,
    publicKeys: stringList(item['publicKeys']),
    allowedCidrs: stringList(item['allowedCidrs']),
  };
}

function stringList(attribute: AttributeValue | undefined): string[] {
  if (!attribute?.L) throw new Error('an SFTP account row is damaged');
  return attribute.L.map((entry) => {
    if (entry.S === undefined) throw new Error('an SFTP account row is damaged');
    return entry.S;
  });
}

/** Others who change the same login at the same moment: a handful of people at most. */
const MAX_TRIES = 10;

type PutCondition = Pick<PutItemCommandInput, 'ConditionExpression' | 'ExpressionAttributeValues'>;

/** The accounts, in the state table: `pk = SFTP#<username>`, `sk = ACCOUNT`. Reads are consistent: a new password counts at once. */
export function dynamoSftpAccounts(client: DynamoDBClient, tableName: string): SftpAccountRegister {
  const put = async (account: SftpAccount, version: number, condition: PutCondition): Promise<boolean> => {
    try {
      await client.send(new PutItemCommand({ TableName: tableName, Item: toItem(account, version), ...condition }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };
  return {
    async find(username) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key: keyOf(username), ConsistentRead: true }),
      );
      return Item ? fromItem(username, Item) : null;
    },
    async save(account) {
      // Whoever is changing it meanwhile does not find the version that they read.
      const isSaved = await put(account, Date.now(), {
        ConditionExpression: 'attribute_not_exists(pk) OR districtId = :own',
        ExpressionAttributeValues: { ':own': { S: account.districtId } },
      });
      return isSaved ? 'saved' : 'taken';
    },
    async change(username, edit) {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const { Item } = await client.send(
          new GetItemCommand({ TableName: tableName, Key: keyOf(username), ConsistentRead: true }),
        );
        if (!Item) return 'gone';
        const version = Number(Item['loginVersion']?.N ?? 0);
        const isSaved = await put(edit(fromItem(username, Item)), version + 1, {
          ConditionExpression:
            version === 0 ? 'attribute_exists(pk) AND attribute_not_exists(loginVersion)' : 'loginVersion = :v',
          ...(version === 0 ? {} : { ExpressionAttributeValues: { ':v': { N: String(version) } } }),
        });
        if (isSaved) return 'saved';
      }
      throw new ServiceBusy('the SFTP login is being changed by others');
    },
    async remove(username) {
      await client.send(new DeleteItemCommand({ TableName: tableName, Key: keyOf(username) }));
    },
  };
}
