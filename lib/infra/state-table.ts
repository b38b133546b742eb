import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  AttributeType,
  Billing,
  Operation,
  ProjectionType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { ADMIN_DISTRICT_ROWS, ADMIN_ROWS } from '../contracts/admin-rights.ts';
import { NOTIFY_DELIVERIES, NOTIFY_DISTRICT_READS, NOTIFY_ROWS } from '../contracts/notify-rights.ts';
import { SFTP_AUTH_DISTRICT_READS, SFTP_AUTH_READS } from '../contracts/sftp-auth-rights.ts';
import {
  type LeadingKeys,
  SIGN_ON_DISTRICT_READS,
  SIGN_ON_QUERIES,
  SIGN_ON_READS,
  SIGN_ON_UPDATES,
} from '../contracts/sign-on-rights.ts';
import { BACKUP_DAYS, type KeySchema, ROSTER_TABLE } from '../contracts/table-definition.ts';
import { GSI1 } from '../contracts/table-keys.ts';
import { allow, type Binding } from './binding.ts';
import { encryptionKey } from './encryption-key.ts';
import type { Oversight } from './oversight.ts';

const READ = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:ConditionCheckItem'];
const ADD = ['dynamodb:PutItem', 'dynamodb:UpdateItem'];
const DELETE = 'dynamodb:DeleteItem';
/** DynamoDB uses the table's key in the name of whoever calls it. */
const READ_KEY = ['Decrypt', 'DescribeKey'];
const WRITE_KEY = [...READ_KEY, 'Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'ReEncryptTo'];

/** What the product asks the table; a metric is the sum of ten at most. */
const OPERATIONS = [
  Operation.GET_ITEM,
  Operation.QUERY,
  Operation.PUT_ITEM,
  Operation.UPDATE_ITEM,
  Operation.DELETE_ITEM,
  Operation.BATCH_GET_ITEM,
  Operation.BATCH_WRITE_ITEM,
  Operation.TRANSACT_WRITE_ITEMS,
];

const text = (name: string) => ({ name, type: AttributeType.STRING });
const keys = ({ partitionKey, sortKey }: KeySchema) => ({ partitionKey: text(partitionKey), sortKey: text(sortKey) });

/** The one table (docs/data-model.md): the roster and all state. It outlives its stack. */
export class StateTable extends Construct {
  readonly table: TableV2;
  private readonly key: Key;

  constructor(scope: Construct, id: string, oversight: Oversight) {
    super(scope, id);
    this.key = encryptionKey(this, 'state table');
    this.table = new TableV2(this, 'Table', {
      ...keys(ROSTER_TABLE),
      globalSecondaryIndexes: ROSTER_TABLE.indexes.map((index) => ({
        indexName: index.indexName,
        ...keys(index),
        projectionType: ProjectionType.ALL,
      })),
      billing: Billing.onDemand(),
      timeToLiveAttribute: ROSTER_TABLE.timeToLiveAttribute,
      encryption: TableEncryptionV2.customerManagedKey(this.key),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: BACKUP_DAYS },
      deletionProtection: true,
      // Not `KEPT`: a protected table cannot be taken back, so a first deployment that fails would get stuck at it. Its name
      // is AWS's, and the next one makes another.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const period = Duration.minutes(5);
    oversight.alarm(this, 'Throttles', {
      heading: 'DynamoDB throttles',
      metric: this.table.metricThrottledRequestsForOperations({ operations: OPERATIONS, period }),
      threshold: 10,
      periods: 2,
    });
    oversight.alarm(this, 'Errors', {
      heading: 'DynamoDB fails',
      metric: this.table.metricSystemErrorsForOperations({ operations: OPERATIONS, period }),
      threshold: 1,
    });
  }

  /** What it is paid by: units read and written, those of the indexes apart. */
  consumedUnits(period: Duration): readonly Metric[] {
    const { tableName } = this.table;
    const units = (kind: 'Read' | 'Write', index: Readonly<Record<string, string>> = {}) =>
      new Metric({
        ...{ namespace: 'AWS/DynamoDB', metricName: `Consumed${kind}CapacityUnits`, statistic: 'Sum', period },
        dimensionsMap: { TableName: tableName, ...index },
        label: [kind.toLowerCase(), ...Object.values(index)].join(' '),
      });
    const indexes = ROSTER_TABLE.indexes.map(({ indexName }) => ({ GlobalSecondaryIndexName: indexName }));
    return [
      units('Read'),
      units('Write'),
      ...indexes.flatMap((index) => [units('Read', index), units('Write', index)]),
    ];
  }

  /** For the people who keep districts: settings, tenants, logins and tombstones, and no roster row. */
  toKeepDistricts(): Binding {
    const { tableArn, tableName } = this.table;
    const write = ['PutItem', 'UpdateItem', 'DeleteItem'].map((action) => `dynamodb:${action}`);
    return {
      value: tableName,
      grant: (role) => {
        allow(role, write, [tableArn], rowCondition(ADMIN_ROWS));
        allow(role, write, [tableArn], rowCondition(ADMIN_DISTRICT_ROWS));
        this.toRead().grant(role);
        this.allowKey(role, WRITE_KEY);
      },
    };
  }

  /** To read the table and its indexes. */
  toRead(): Binding {
    return this.bind(READ, READ_KEY);
  }

  /** To read and write the table. A transaction needs no right of its own. */
  toReadAndWrite(): Binding {
    return this.bind([...READ, ...ADD, DELETE]);
  }

  /** To read, and to write without deleting anything. */
  toReadAndAdd(): Binding {
    return this.bind([...READ, ...ADD]);
  }

  /** The same as `toReadAndWrite`, and to delete many rows at once (R22). Only the purge may. */
  toPurge(): Binding {
    return this.bind([...READ, ...ADD, DELETE, 'dynamodb:BatchWriteItem']);
  }

  /** For the sign-on: the rows that it needs and no others. The internet talks to that function, and it never deletes. */
  toSignOn(): Binding {
    const { tableArn } = this.table;
    const rows: readonly Rows[] = [
      ['GetItem', tableArn, SIGN_ON_READS],
      ['GetItem', tableArn, SIGN_ON_DISTRICT_READS],
      ['Query', `${tableArn}/index/${GSI1}`, SIGN_ON_QUERIES],
      ['UpdateItem', tableArn, SIGN_ON_UPDATES],
    ];
    return this.bindRows(rows, WRITE_KEY);
  }

  /** For the SFTP door: logins and the settings of their districts, read only. The internet talks to that function too. */
  toAuthenticate(): Binding {
    const { tableArn } = this.table;
    const rows: readonly Rows[] = [
      ['GetItem', tableArn, SFTP_AUTH_READS],
      ['GetItem', tableArn, SFTP_AUTH_DISTRICT_READS],
    ];
    return this.bindRows(rows, READ_KEY);
  }

  /** For mails: the contacts of a district, and what has been mailed to them. */
  toNotify(): Binding {
    const { tableArn } = this.table;
    const rows: readonly Rows[] = [
      ['GetItem', tableArn, NOTIFY_ROWS],
      ['GetItem', tableArn, NOTIFY_DISTRICT_READS],
      ['UpdateItem', tableArn, NOTIFY_ROWS],
      ['Query', tableArn, NOTIFY_DELIVERIES],
    ];
    return this.bindRows(rows, WRITE_KEY);
  }

  private bindRows(rows: readonly Rows[], keyActions: readonly string[]): Binding {
    return {
      value: this.table.tableName,
      grant: (role) => {
        for (const [action, arn, keys] of rows) allow(role, [`dynamodb:${action}`], [arn], rowCondition(keys));
        this.allowKey(role, keyActions);
      },
    };
  }

  private bind(actions: readonly string[], keyActions: readonly string[] = WRITE_KEY): Binding {
    const { tableArn, tableName } = this.table;
    return {
      value: tableName,
      grant: (role) => {
        allow(role, actions, [
          tableArn,
          ...ROSTER_TABLE.indexes.map(({ indexName }) => `${tableArn}/index/${indexName}`),
        ]);
        this.allowKey(role, keyActions);
      },
    };
  }

  private allowKey(role: Role, actions: readonly string[]): void {
    allow(
      role,
      actions.map((action) => `kms:${action}`),
      [this.key.keyArn],
    );
  }
}

/** An action, what it is done to (the table or an index), and the partitions that it may name. */
type Rows = readonly [action: string, arn: string, keys: LeadingKeys];

/** Every partition that a call names must fit. `ForAllValues` also holds for a call that names none: of ours, none does. */
const rowCondition = ({ like, notLike }: LeadingKeys) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': like },
  ...(notLike ? { 'ForAllValues:StringNotLike': { 'dynamodb:LeadingKeys': notLike } } : {}),
});
