import { createDistricts } from '../../lib/adapters/dynamodb/districts.ts';
import { createDynamoDbClient } from '../../lib/adapters/dynamodb/dynamodb-client.ts';
import { dynamoSftpAccounts } from '../../lib/adapters/dynamodb/sftp-accounts.ts';
import { createTableClient } from '../../lib/adapters/dynamodb/table-client.ts';
import { createJsonLog } from '../../lib/adapters/log/json-log.ts';
import { scryptPasswords } from '../../lib/adapters/passwords/scrypt.ts';
import { readEnvironment } from '../../lib/contracts/environment.ts';
import { homePrefix } from '../../lib/contracts/object-keys.ts';
import { SFTP_AUTH_ENVIRONMENT } from '../../lib/contracts/sftp-auth-environment.ts';
import type { AuthenticateSftpDeps } from '../../lib/flows/authenticate-sftp.ts';
import type { Wiring } from '../wiring.ts';

/** Builds what the identity provider function works with from its environment. */
export function wireSftpAuth(
  env: Readonly<Record<string, string | undefined>>,
  wiring: Wiring = {},
): AuthenticateSftpDeps {
  const values = readEnvironment(SFTP_AUTH_ENVIRONMENT, env);
  const logger = wiring.logger ?? createJsonLog();
  const dynamodb = wiring.dynamodb ?? createDynamoDbClient();
  return {
    accounts: dynamoSftpAccounts(dynamodb, values.TABLE_NAME),
    districts: createDistricts(createTableClient(dynamodb, values.TABLE_NAME)),
    passwords: scryptPasswords,
    settings: {
      roleArn: values.SFTP_ROLE_ARN,
      landingBucket: values.LANDING_BUCKET,
      landingKeyArn: values.LANDING_KEY_ARN,
      homePrefix,
    },
    // Our own district id and a code (R22): enough to answer "why can they not log in?".
    report: ({ code, districtId }) => logger.info('sftp-login', { code, ...(districtId ? { districtId } : {}) }),
  };
}
