/**
 * What Transfer Family asks its identity provider function, and what it wants to hear
 * (Transfer Family user guide, "Using AWS Lambda to integrate your identity provider"). The event may hold a password
 * in plain text: it is never logged, nor is any part of it (R22).
 */
export interface TransferAuthEvent {
  readonly username: string;
  /** Absent or empty when the client tries a public key. */
  readonly password?: string;
  readonly protocol: string;
  readonly serverId: string;
  readonly sourceIp: string;
}

/** Yes. Everything else, `{}` included, is a no. */
export interface TransferAuthGrant {
  /** Role that Transfer assumes for the session's S3 calls. */
  readonly Role: string;
  /** Session policy, JSON: what of the role's rights this session keeps. At most 2,048 characters (STS AssumeRole). */
  readonly Policy: string;
  readonly HomeDirectoryType: 'LOGICAL';
  /** A JSON string (not an array): the virtual `/` and the bucket prefix behind it. */
  readonly HomeDirectoryDetails: string;
  /** Only when no password was sent; Transfer then checks the client's signature against these. */
  readonly PublicKeys?: readonly string[];
}

/** The answer of the identity provider: a grant, or nothing. */
export type TransferAuthResponse = TransferAuthGrant | Record<string, never>;

/** Usernames that Transfer accepts: 3 to 100 characters, no `@`, `.` or `-` in front (CreateUser), and not `root`. */
export const isSftpUsername = (username: string): boolean =>
  /^[\w][\w@.-]{2,99}$/.test(username) && username !== 'root';

/** Where a district's files lie. */
export interface SftpHome {
  readonly bucket: string;
  /** ARN of the KMS key that encrypts the bucket. */
  readonly keyArn: string;
  /** Key prefix of the district, with its slash at the end: without it `home/acme` would match `home/acme2`. */
  readonly prefix: string;
  /** ARN of the role of the session; its partition (`aws`, `aws-us-gov`) is that of the bucket. */
  readonly roleArn: string;
}

/** `[{"Entry":"/","Target":"/bucket/home/maple"}]`: the target begins with a slash and must not end in one. */
export const logicalHome = ({ bucket, prefix }: SftpHome): string =>
  JSON.stringify([{ Entry: '/', Target: `/${bucket}/${prefix.replace(/\/$/, '')}` }]);

/**
 * The session policy of a district (R3): read, write, list and delete below its own prefix; below `reports/` read only,
 * because that is where Rollcall writes. The role behind it is the same for all districts, so this policy is the wall
 * between them, in addition to the logical home directory.
 *
 * The last statement: a bucket with its own KMS key needs these rights in the role *and* in the session policy
 * (Transfer Family user guide, "Data protection and encryption").
 */
export function sessionPolicy(home: SftpHome): string {
  if (!/^home\/[a-z0-9-]+\/$/.test(home.prefix)) throw new Error('the home prefix is not home/<district>/');
  const bucketArn = `arn:${home.roleArn.split(':')[1] ?? 'aws'}:s3:::${home.bucket}`;
  const own = `${bucketArn}/${home.prefix}*`;
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'ListHome',
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: bucketArn,
        Condition: { StringLike: { 's3:prefix': [`${home.prefix}*`] } },
      },
      {
        Sid: 'UseHome',
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:DeleteObject'],
        Resource: own,
      },
      {
        Sid: 'ReportsAreOurs',
        Effect: 'Deny',
        Action: ['s3:PutObject', 's3:DeleteObject'],
        Resource: `${bucketArn}/${home.prefix}reports/*`,
      },
      {
        Sid: 'KeyOfTheBucket',
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GetPublicKey', 'kms:ListKeyPolicies'],
        Resource: home.keyArn,
      },
    ],
  });
}
