import { z } from 'zod';

/** The part of an IAM policy that the local server understands; anything else in a statement makes it unreadable. */
const textOrList = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: textOrList,
  Resource: textOrList,
  Condition: z.strictObject({ StringLike: z.strictObject({ 's3:prefix': textOrList }) }).optional(),
});
const policySchema = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.array(statementSchema).min(1),
});

type Statement = z.infer<typeof statementSchema>;

/** One call to S3, as IAM sees it. */
export interface S3Access {
  readonly action: 's3:GetObject' | 's3:PutObject' | 's3:DeleteObject' | 's3:ListBucket';
  readonly bucket: string;
  /** Key of the object; for `s3:ListBucket` the prefix. */
  readonly key: string;
}

/** Whether the session may make a call. */
export type SessionPolicy = (access: S3Access) => boolean;

/** STS refuses longer session policies, and then the login fails. Characters. */
const MAX_POLICY_LENGTH = 2048;

/** `*` and `?` of IAM, the rest taken literally. */
const isLike = (pattern: string, text: string): boolean => {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, 's').test(text);
};

function applies(statement: Statement, access: S3Access): boolean {
  const isList = access.action === 's3:ListBucket';
  const path = isList ? access.bucket : `${access.bucket}/${access.key}`;
  // The partition is the role's business: an `arn:aws-us-gov` policy means the same bucket here.
  const resources = statement.Resource.map((resource) => resource.replace(/^arn:aws[a-z-]*:s3:::/, ''));
  const prefixes = statement.Condition?.StringLike['s3:prefix'];
  return (
    statement.Action.some((action) => isLike(action.toLowerCase(), access.action.toLowerCase())) &&
    resources.some((resource) => isLike(resource, path)) &&
    (prefixes === undefined || (isList && prefixes.some((prefix) => isLike(prefix, access.key))))
  );
}

/**
 * Reads a session policy. IAM's order: a Deny that applies wins, then an Allow, and without either the answer is no.
 * No policy at all leaves the role's rights, which the local server takes as everything.
 *
 * @returns null for a policy that STS would refuse or that uses something the local server does not know.
 */
export function parseSessionPolicy(text: string | undefined): SessionPolicy | null {
  if (text === undefined) return () => true;
  if (text.length > MAX_POLICY_LENGTH) return null;
  const policy = policySchema.safeParse(parseJson(text));
  if (!policy.success) return null;
  const statements = policy.data.Statement;
  return (access) => {
    const effects = statements.filter((statement) => applies(statement, access)).map(({ Effect }) => Effect);
    return effects.includes('Allow') && !effects.includes('Deny');
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
