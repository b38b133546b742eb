import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { SftpAccount, SftpAccountRegister } from '../../ports/sftp-accounts.ts';

/** One account, one GetItem: the look-up starts with a username, before any district is known. */
const keyOf = (username: string) => ({ pk: { S: `SFTP#${username}` }, sk: { S: 'ACCOUNT' } });

const toItem = (account: SftpAccount): Record<string, AttributeValue> => ({
  ...keyOf(account.username),
  districtId: { S: account.districtId },
  ...(account.passwordHash === null ? {} : { passwordHash: { S: account.passwordHash } }),
  publicKeys: { L: account.publicKeys.map((S) => ({ S })) },
  allowedCidrs: { L: account.allowedCidrs.map((S) => ({ S })) },
  suspended: { BOOL: account.suspended },
});

/** An item without its lists or its switch is a defect: read as "from anywhere" or "not suspended" it would open a door. */
function fromItem(username: string, item: Record<string, AttributeValue>): SftpAccount {
  const districtId = item['districtId']?.S;
  const suspended = item['suspended']?.BOOL;
  if (districtId === undefined || suspended === undefined) throw new Error('an SFTP account row is damaged');
  return {
    districtId,
    username,
    passwordHash: item['passwordHash']?.S ?? null,
    publicKeys: stringList(item['publicKeys']),
    allowedCidrs: stringList(item['allowedCidrs']),
    suspended,
  };
}

function stringList(attribute: AttributeValue | undefined): string[] {
  if (!attribute?.L) throw new Error('an SFTP account row is damaged');
  return attribute.L.map((entry) => {
    if (entry.S === undefined) throw new Error('an SFTP account row is damaged');
    return entry.S;
  });
}

/** The accounts, in the state table: `pk = SFTP#<username>`, `sk = ACCOUNT`. Reads are consistent: a suspension counts at once. */
export function dynamoSftpAccounts(client: DynamoDBClient, tableName: string): SftpAccountRegister {
  return {
    async find(username) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key: keyOf(username), ConsistentRead: true }),
      );
      return Item ? fromItem(username, Item) : null;
    },
    async save(account) {
      try {
        await client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: toItem(account),
            ConditionExpression: 'attribute_not_exists(pk) OR districtId = :own',
            ExpressionAttributeValues: { ':own': { S: account.districtId } },
          }),
        );
        return 'saved';
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'taken';
        throw error;
      }
    },
    async remove(username) {
      await client.send(new DeleteItemCommand({ TableName: tableName, Key: keyOf(username) }));
    },
  };
}
