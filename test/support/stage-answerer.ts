import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TransferAuthEvent, TransferAuthResponse } from '../../lib/core/district/sftp-login.ts';
import { secretOperations } from './secret-versions.ts';

/** A host key as the stand-in keeps it: in the order in which they came. */
interface KeptHostKey {
  readonly HostKeyId: string;
  readonly Type: string;
  readonly Fingerprint: string;
  readonly Description?: string;
}

/** What a stand-in for the small services of a stage holds; a test changes it as it goes. */
export interface StageState {
  parameters: Record<string, string>;
  /** The current text of each. */
  secrets: Record<string, string>;
  /** ARN of the caller. */
  caller: string;
  serverState: string;
  hostKeys: KeptHostKey[];
  /** The identity provider of the server. */
  authenticate: (event: TransferAuthEvent) => Promise<TransferAuthResponse>;
  /** Operations that are answered with AccessDeniedException. */
  denied: Set<string>;
  /** Operations whose next answer is lost on its way, after they were carried out. */
  lost: Set<string>;
  /** What happens just before the next operation of that name is carried out. */
  meanwhile: Record<string, () => Promise<unknown>>;
}

/** SSM, STS, Secrets Manager and Transfer Family as far as the command line asks them, on 127.0.0.1. */
export interface StageAnswerer {
  readonly state: StageState;
  /** Operations in the order in which they came. */
  readonly asked: string[];
  /** Points the AWS SDK of a child process here. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

type Input = Readonly<Record<string, string | undefined>>;

/** How Transfer pages its host keys here: so that a caller that reads one page is caught. */
const PAGE = 2;

export async function startStageAnswerer(given: Partial<StageState> = {}): Promise<StageAnswerer> {
  const state: StageState = {
    ...{ parameters: {}, secrets: {}, hostKeys: [], denied: new Set<string>(), serverState: 'ONLINE' },
    ...{ lost: new Set<string>(), meanwhile: {} },
    caller: 'arn:aws:sts::111122223333:assumed-role/rollcall-dev-operator/maria',
    authenticate: async () => ({}),
    ...given,
  };
  const asked: string[] = [];
  const operations = operationsOn(state);
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const operation =
      String(request.headers['x-amz-target'] ?? '').split('.')[1] ?? new URLSearchParams(body).get('Action') ?? '';
    asked.push(operation);
    const { [operation]: meanwhile, ...others } = state.meanwhile;
    state.meanwhile = others;
    await meanwhile?.();
    if (operation === 'GetCallerIdentity') {
      const result = `<Arn>${state.caller}</Arn><UserId>AROA:x</UserId><Account>111122223333</Account>`;
      response.writeHead(200, { 'content-type': 'text/xml' });
      response.end(
        `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>${result}</GetCallerIdentityResult></GetCallerIdentityResponse>`,
      );
      return;
    }
    const answer = state.denied.has(operation)
      ? { __type: 'AccessDeniedException', Message: 'not authorized' }
      : ((await operations[operation]?.(JSON.parse(body) as Input)) ?? { __type: 'UnknownOperationException' });
    if (state.lost.delete(operation)) {
      request.socket.destroy();
      return;
    }
    response.writeHead('__type' in answer ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const names = ['SSM', 'STS', 'SECRETS_MANAGER', 'TRANSFER'];
  return {
    state,
    asked,
    env: {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'S3RVER',
      AWS_SECRET_ACCESS_KEY: 'S3RVER',
      ...Object.fromEntries(names.map((name) => [`AWS_ENDPOINT_URL_${name}`, url])),
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function operationsOn(state: StageState): Readonly<Record<string, (input: Input) => object | Promise<object>>> {
  let ids = 0;
  return {
    GetParameter: ({ Name = '' }) => {
      const Value = state.parameters[Name];
      return Value === undefined ? { __type: 'ParameterNotFound' } : { Parameter: { Name, Value } };
    },
    ...secretOperations(state.secrets),
    DescribeServer: ({ ServerId }) => ({ Server: { ServerId, State: state.serverState, Arn: `arn:${ServerId}` } }),
    ListHostKeys: ({ ServerId, NextToken = '0' }) => {
      const end = Number(NextToken) + PAGE;
      const rest = end < state.hostKeys.length ? { NextToken: String(end) } : {};
      return { ServerId, HostKeys: state.hostKeys.slice(Number(NextToken), end), ...rest };
    },
    ImportHostKey: ({ HostKeyBody = '', Description = '' }) => {
      const HostKeyId = `hostkey-${++ids}`;
      state.hostKeys.push({ HostKeyId, Description, ...asOpenSshReads(HostKeyBody) });
      return { HostKeyId };
    },
    DeleteHostKey: ({ HostKeyId }) => {
      const at = state.hostKeys.findIndex((key) => key.HostKeyId === HostKeyId);
      if (at < 0) return { __type: 'ResourceNotFoundException', Message: 'gone', Resource: '', ResourceType: '' };
      state.hostKeys.splice(at, 1);
      return {};
    },
    TestIdentityProvider: async ({ ServerId = '', UserName = '', UserPassword = '', SourceIp = '' }) => {
      const event = {
        username: UserName,
        password: UserPassword,
        protocol: 'SFTP',
        serverId: ServerId,
        sourceIp: SourceIp,
      };
      return { StatusCode: 200, Response: JSON.stringify(await state.authenticate(event)), Message: '', Url: '' };
    },
  };
}

/** OpenSSH's own reading of a private key: a judge that is not ours. */
export function asOpenSshReads(privateKey: string): { readonly Type: string; readonly Fingerprint: string } {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-host-key-'));
  const file = join(folder, 'key');
  try {
    writeFileSync(file, privateKey, { mode: 0o600 });
    const [Type = ''] = execFileSync('ssh-keygen', ['-y', '-P', '', '-f', file]).toString().split(' ');
    const [, Fingerprint = ''] = execFileSync('ssh-keygen', ['-l', '-f', file]).toString().split(' ');
    return { Type, Fingerprint };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const piece of request) body += String(piece);
  return body;
}
