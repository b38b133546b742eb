import { type AttributeValue, type DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { makeSsoHandler } from '../../../lambdas/sso/handler.ts';
import { wireSso } from '../../../lambdas/sso/wire.ts';
import { createDistricts } from '../../../lib/adapters/dynamodb/districts.ts';
import { createTableClient } from '../../../lib/adapters/dynamodb/table-client.ts';
import { hashClientSecret, newSignOnSecret } from '../../../lib/adapters/secrets/new-secret.ts';
import { districtPartition, STATE_SORT, syncedKey, usernameIndex } from '../../../lib/contracts/table-keys.ts';
import { type DistrictSettings, districtSettingsSchema } from '../../../lib/core/district/settings.ts';
import type { SsoSettings } from '../../../lib/core/district/sso-settings.ts';
import type { SignOnSecret } from '../../../lib/core/sso/sign-on-secret.ts';
import type { SsoPorts } from '../../../lib/flows/sso/sso-ports.ts';
import { type DynamoDbServer, startDynamoDbServer } from '../../../lib/local/dynamodb/server.ts';
import type { LogFields } from '../../../lib/ports/logger.ts';
import { TestClock } from '../../adapters/conformance/world.ts';
import { openTable, TABLE } from '../../adapters/dynamodb-world.ts';
import { FakeClassLink, type Person } from './fake-classlink.ts';

export const ISSUER = 'https://sso.rollcall.test';
export const PRODUCT = {
  clientId: 'product',
  name: 'Imagine',
  redirectUris: ['https://product.test/signed-in'],
  initiateLoginUri: 'https://product.test/sign-in',
  postLogoutRedirectUris: ['https://product.test/bye'],
};
export const OTHER_PRODUCT = {
  clientId: 'other',
  name: 'Other',
  redirectUris: ['https://other.test/cb?x=1'],
  initiateLoginUri: 'https://other.test/go?from=sso',
};
export const SECRETS: Readonly<Record<string, string>> = { product: 'product-secret', other: 'other-secret' };

/** A user of the roster, with what a test wants to say about it. */
export interface UserFields {
  readonly sourcedId: string;
  readonly productId?: string;
  readonly status?: 'active' | 'inactive';
  readonly role?: string;
  readonly username?: string;
  readonly identifier?: string;
  readonly enabledUser?: boolean;
  readonly schools?: readonly string[];
  readonly movedTo?: string;
  readonly source?: string;
}

let tenants = 4000;

/** A district of its own for each test, and somebody in it. */
export interface SomeDistrict {
  readonly districtId: string;
  readonly tenantId: number;
}

/** The sign-on function over the local DynamoDB server and a fake ClassLink. */
export class SignOnWorld {
  readonly clock = new TestClock();
  readonly classLink = new FakeClassLink(() => this.clock.now());
  readonly log: { readonly message: string; readonly fields: LogFields }[] = [];
  secret: SignOnSecret;
  ports!: SsoPorts;
  handle!: ReturnType<typeof makeSsoHandler>;
  client!: DynamoDBClient;
  #server!: DynamoDbServer;

  constructor() {
    const classLink = { clientId: FakeClassLink.clientId, clientSecret: FakeClassLink.clientSecret };
    const { secret } = newSignOnSecret([], this.clock.now(), classLink);
    const hashes = Object.entries(SECRETS).map(([id, text]) => [id, [hashClientSecret(text)]] as const);
    this.secret = { ...secret, clientSecretHashes: Object.fromEntries(hashes) };
  }

  async open(): Promise<void> {
    await this.classLink.open();
    this.#server = await startDynamoDbServer({ dataDir: null });
    this.client = await openTable(this.#server.endpoint);
    this.wire();
  }

  /** A cold start: nothing cached. */
  wire(changes: Readonly<Record<string, string>> = {}, classLinkMillis = 2_000): void {
    const { base, issuer } = this.classLink;
    const env = {
      TABLE_NAME: TABLE,
      ISSUER_URL: ISSUER,
      SSO_SECRET_ID: 'unused',
      PRODUCT_CLIENTS: JSON.stringify([PRODUCT, OTHER_PRODUCT]),
      TILE: 'restart',
      CLASSLINK_ISSUER: issuer,
      CLASSLINK_AUTHORIZE_URL: `${base}/authorize`,
      CLASSLINK_TOKEN_URL: `${base}/token`,
      CLASSLINK_JWKS_URL: `${base}/jwks`,
      CLASSLINK_INFO_URL: `${base}/info`,
      ...changes,
    };
    this.ports = wireSso(env, {
      dynamodb: this.client,
      clock: this.clock,
      secrets: { read: async () => this.secret },
      classLinkMillis,
      logger: {
        info: (message, fields = {}) => void this.log.push({ message, fields }),
        error: (message, thrown, fields = {}) => {
          this.log.push({ message, fields: { ...fields, detail: String(thrown) } });
        },
      },
    });
    this.handle = makeSsoHandler(this.ports);
  }

  async close(): Promise<void> {
    this.client.destroy();
    await this.#server.close();
    await this.classLink.close();
  }

  /** A district that has applied a sync, and a tenant for it. */
  async district(
    sso: Partial<SsoSettings> = {},
    more: Partial<DistrictSettings> = {},
    rostered = true,
  ): Promise<SomeDistrict> {
    tenants += 1;
    const districtId = `district-${process.pid}-${tenants}`;
    await this.settings(districtId, { classLinkTenantId: tenants, ...more }, sso, 0);
    if (rostered) await this.markRostered(districtId);
    return { districtId, tenantId: tenants };
  }

  async settings(
    districtId: string,
    more: Partial<DistrictSettings>,
    sso: Partial<SsoSettings> = {},
    version?: number,
  ): Promise<void> {
    const districts = createDistricts(createTableClient(this.client, TABLE));
    const stored = version === 0 ? null : await districts.get(districtId);
    const given = {
      districtId,
      name: 'A district',
      ...stored?.settings,
      ...more,
      sso: { ...stored?.settings.sso, ...sso },
    };
    const outcome = await districts.save(districtSettingsSchema.parse(given), stored?.version ?? 0);
    if (outcome !== 'saved') throw new Error(outcome);
  }

  markRostered(districtId: string): Promise<unknown> {
    const lastApplied = { syncId: 's', deliveryId: 'd', order: '1', appliedAt: '2026-01-01T00:00:00Z', profile: {} };
    const body = JSON.stringify({ applyingSyncId: null, lastApplied, syncPaused: false });
    return this.put({ pk: { S: districtPartition(districtId) }, sk: { S: STATE_SORT }, body: { S: body } });
  }

  /** Writes a synced user as a sync would. */
  user(districtId: string, fields: UserFields): Promise<unknown> {
    const { sourcedId, username = `u-${sourcedId}`, schools = ['school-1'] } = fields;
    const key = syncedKey(districtId, 'user', sourcedId);
    const texts = {
      pk: key.pk,
      sk: key.sk,
      sourcedId,
      districtId,
      kind: 'user',
      source: fields.source ?? 'sis',
      status: fields.status ?? 'active',
      productId: fields.productId ?? `pid-${districtId}-${sourcedId}`,
      role: fields.role ?? 'student',
      username,
      givenName: 'Maria',
      familyName: 'Garcia',
      gsi1pk: usernameIndex(districtId, username),
      gsi1sk: sourcedId,
      ...(fields.identifier === undefined ? {} : { identifier: fields.identifier }),
      ...(fields.movedTo === undefined ? {} : { movedTo: fields.movedTo }),
    };
    const attributes = Object.entries(texts).map(([name, S]): [string, AttributeValue] => [name, { S }]);
    return this.put({
      ...Object.fromEntries(attributes),
      enabledUser: { BOOL: fields.enabledUser ?? true },
      orgSourcedIds: { L: schools.map((S) => ({ S })) },
    });
  }

  put(Item: Record<string, AttributeValue>): Promise<unknown> {
    return this.client.send(new PutItemCommand({ TableName: TABLE, Item }));
  }

  /** Every attribute of every row as one text: for what must not be in the table. */
  async dump(): Promise<string> {
    const { Items } = await this.client.send(new ScanCommand({ TableName: TABLE, ConsistentRead: true }));
    return JSON.stringify(Items);
  }
}

/** Somebody of a district with a LaunchPad account; by default as ClassLink sends a student. */
export const personOf = ({ tenantId }: SomeDistrict, SourcedId: string, more: Partial<Person> = {}): Person => ({
  TenantId: tenantId,
  SourcedId,
  UserId: 1_000_000 + hashOf(`${tenantId}/${SourcedId}`),
  LoginId: `u-${SourcedId}`,
  Role: 'Student',
  ...more,
});

const hashOf = (text: string): number =>
  [...text].reduce((sum, each) => (sum * 31 + (each.codePointAt(0) ?? 0)) % 999_983, 7);
