import {
  DeleteHostKeyCommand,
  DescribeServerCommand,
  ImportHostKeyCommand,
  ListHostKeysCommand,
  ResourceNotFoundException,
  TestIdentityProviderCommand,
  type TransferClient,
} from '@aws-sdk/client-transfer';
import type { ServerHostKey } from '../../core/district/host-keys.ts';
import type { SftpServerAdmin } from '../../ports/sftp-server.ts';

/** The Transfer Family server of a stage. */
export function createSftpServerAdmin(client: TransferClient, serverId: string): SftpServerAdmin {
  const ServerId = serverId;
  return {
    async isOnline() {
      const { Server } = await client.send(new DescribeServerCommand({ ServerId }));
      return Server?.State === 'ONLINE';
    },
    async hostKeys() {
      const keys: ServerHostKey[] = [];
      let token: string | undefined;
      do {
        const page = await client.send(
          new ListHostKeysCommand({ ServerId, ...(token === undefined ? {} : { NextToken: token }) }),
        );
        for (const { HostKeyId: id = '', Type: type = '', Fingerprint = '' } of page.HostKeys ?? []) {
          keys.push({ id, type, fingerprint: Fingerprint.replace(/=+$/, '') });
        }
        token = page.NextToken;
      } while (token !== undefined);
      return keys;
    },
    async importHostKey(privateKey, description) {
      await client.send(
        new ImportHostKeyCommand({ ServerId, HostKeyBody: privateKey, Description: description.slice(0, 200) }),
      );
    },
    async deleteHostKey(id) {
      try {
        await client.send(new DeleteHostKeyCommand({ ServerId, HostKeyId: id }));
      } catch (thrown) {
        // Deleted by a call whose answer was lost.
        if (!(thrown instanceof ResourceNotFoundException)) throw thrown;
      }
    },
    async testLogin({ username, password, sourceIp }) {
      const { StatusCode, Response = '' } = await client.send(
        new TestIdentityProviderCommand({
          ServerId,
          ServerProtocol: 'SFTP',
          UserName: username,
          SourceIp: sourceIp,
          ...(password === null ? {} : { UserPassword: password }),
        }),
      );
      return StatusCode === 200 && grantsRole(Response);
    },
  };
}

/** The identity provider's own answer as text: a yes names a role, a no is `{}`. */
function grantsRole(response: string): boolean {
  try {
    const { Role } = JSON.parse(response) as { readonly Role?: unknown };
    return typeof Role === 'string' && Role !== '';
  } catch {
    return false;
  }
}
