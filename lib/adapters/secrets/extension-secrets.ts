import { readSignOnSecret, type SignOnSecret } from '../../core/sso/sign-on-secret.ts';
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { Secrets } from '../../ports/sso/secrets.ts';

/** Secrets Manager did not give the secret, and none is kept from before. */
export class SecretUnavailable extends Failure {
  override readonly name = 'SecretUnavailable';
  readonly code = 'secret-unavailable';
  readonly retryable = true;
}

/** How to reach the AWS Parameters and Secrets Lambda Extension, which runs beside the function. */
export interface ExtensionOptions {
  readonly secretId: string;
  /** The function's own session token: proves to the extension that the function asks. */
  readonly sessionToken: string;
  /** `PARAMETERS_SECRETS_EXTENSION_HTTP_PORT`. */
  readonly port: number;
  readonly clock: Clock;
}

/** The extension listens here unless told otherwise. */
export const EXTENSION_PORT = 2773;

/** The extension keeps a secret for 300 s; asking it each minute sees a rotation within six. Milliseconds. */
const KEEP_MILLIS = 60_000;
/** It runs on the same machine; a cold one asks Secrets Manager first. Milliseconds. */
const TIMEOUT_MILLIS = 3_000;

/**
 * The secret from Secrets Manager through the extension's local HTTP address, so that no SDK is bundled. Where the
 * extension does not answer later on, the kept secret goes on working: people can sign in while Secrets Manager is down.
 */
export function createExtensionSecrets({ secretId, sessionToken, port, clock }: ExtensionOptions): Secrets {
  const url = `http://localhost:${port}/secretsmanager/get?secretId=${encodeURIComponent(secretId)}`;
  let kept: { readonly secret: SignOnSecret; readonly until: number } | null = null;
  let asking: Promise<SignOnSecret> | null = null;
  const ask = async (): Promise<SignOnSecret> => {
    try {
      const answer = await fetch(url, {
        headers: { 'X-Aws-Parameters-Secrets-Token': sessionToken },
        signal: AbortSignal.timeout(TIMEOUT_MILLIS),
      });
      if (!answer.ok) throw new SecretUnavailable(`the extension answers ${answer.status}`);
      const { SecretString } = (await answer.json()) as { SecretString?: unknown };
      if (typeof SecretString !== 'string') throw new SecretUnavailable('the secret is not text');
      return readSignOnSecret(SecretString);
    } catch (cause) {
      if (kept) return kept.secret;
      throw cause instanceof Failure ? cause : new SecretUnavailable('the extension does not answer', { cause });
    }
  };
  return {
    async read() {
      const now = clock.now().getTime();
      if (kept && now < kept.until) return kept.secret;
      asking ??= ask().finally(() => {
        asking = null;
      });
      const secret = await asking;
      kept = { secret, until: now + KEEP_MILLIS };
      return secret;
    },
  };
}
