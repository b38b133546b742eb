import { randomUUID } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';

/** A private key as the provider wants it. */
export type SigningKey = JWK & { readonly kid: string };

/** Makes an RSA key: ClassLink signs with RS256 and nothing else. */
export async function makeSigningKey(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  return { ...(await exportJWK(privateKey)), kid: randomUUID(), use: 'sig', alg: 'RS256' };
}

/** Signs the claims of a token again, with another key or for another audience, and leaves its header as it was. */
export async function signAgain(token: string, key: SigningKey, changed: Record<string, unknown>): Promise<string> {
  const { kid } = decodeProtectedHeader(token);
  return new SignJWT({ ...decodeJwt(token), ...changed })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(kid === undefined ? {} : { kid }) })
    .sign(await importJWK(key, 'RS256'));
}
