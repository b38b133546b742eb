import { z } from 'zod';
import { parseSessionPolicy, type SessionPolicy } from './session-policy.ts';

/** What a session may do, once its login was accepted. */
export interface SessionGrant {
  readonly username: string;
  readonly bucket: string;
  /** Key prefix behind the virtual `/`, with a slash at its end. */
  readonly prefix: string;
  readonly isAllowed: SessionPolicy;
  /** Public keys to check the client's signature against. */
  readonly publicKeys: readonly string[];
}

const responseSchema = z.object({
  Role: z.string().min(1),
  Policy: z.string().optional(),
  HomeDirectoryType: z.literal('LOGICAL'),
  HomeDirectoryDetails: z.string(),
  PublicKeys: z.array(z.string()).default([]),
});

const homeSchema = z.tuple([
  z.object({ Entry: z.literal('/'), Target: z.string().regex(/^\/[a-z0-9.-]{3,63}\/.*[^/]$/s) }),
]);

/**
 * Reads the identity provider's answer as strictly as Transfer does: no `Role` is a no, and so is an answer that Transfer
 * could not use (a home directory that is not a JSON string, a target with a slash at its end, a policy that is none).
 */
export function readGrant(username: string, response: unknown): SessionGrant | null {
  const parsed = responseSchema.safeParse(response);
  if (!parsed.success) return null;
  const { Policy, HomeDirectoryDetails, PublicKeys } = parsed.data;
  const home = homeSchema.safeParse(parseJson(HomeDirectoryDetails));
  const isAllowed = parseSessionPolicy(Policy);
  if (!home.success || !isAllowed) return null;
  const [, bucket = '', ...folders] = home.data[0].Target.split('/');
  return { username, bucket, prefix: `${folders.join('/')}/`, isAllowed, publicKeys: PublicKeys };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
