import { type CryptoKey, compactVerify, createLocalJWKSet, decodeJwt, importJWK, SignJWT } from 'jose';
import { publicJwk, publishedKeys, type SigningKey } from '../../core/sso/signing-keys.ts';
import type { Tokens } from '../../ports/sso/seals.ts';
import type { Secrets } from '../../ports/sso/secrets.ts';

/** id_tokens of ours have some 500 characters. */
const MAX_HINT = 4096;

/** Tokens on jose: ES256 and nothing else, with the current signing key of the secret. */
export function createTokens(secrets: Secrets): Tokens {
  const imported = new Map<string, Promise<CryptoKey | Uint8Array>>();
  const keyOf = ({ jwk }: SigningKey) => {
    const known = imported.get(jwk.d) ?? importJWK({ ...jwk }, 'ES256');
    imported.set(jwk.d, known);
    return known;
  };
  const sign = async (claims: object, typ: string): Promise<string> => {
    const { current } = (await secrets.read()).signingKeys;
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'ES256', typ, kid: current.jwk.kid })
      .sign(await keyOf(current));
  };
  const keySet = async () => {
    const { signingKeys } = await secrets.read();
    return { keys: publishedKeys(signingKeys).map(({ jwk }) => publicJwk(jwk)) };
  };
  return {
    accessToken: (claims) => sign(claims, 'at+jwt'),
    idToken: (claims) => sign(claims, 'JWT'),
    keySet,
    async readHint(idToken) {
      if (idToken.length > MAX_HINT) return null;
      try {
        const { protectedHeader } = await compactVerify(idToken, createLocalJWKSet(await keySet()), {
          algorithms: ['ES256'],
        });
        // Verified, so its claims are ours; expired ones are fine for a hint (OpenID Connect RP-Initiated Logout 1.0 §2).
        const { sid, aud } = decodeJwt(idToken);
        const ours = protectedHeader.typ === 'JWT' && typeof sid === 'string' && typeof aud === 'string';
        return ours ? { sessionId: sid, clientId: aud } : null;
      } catch {
        return null;
      }
    },
  };
}
