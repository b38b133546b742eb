/** A list price of us-east-1, and where it is from. */
export interface Price {
  readonly dollars: number;
  readonly per: string;
  readonly source: string;
}

const listed = 'list price, to be checked';
const of = (dollars: number, per: string, source: string = listed): Price => ({ dollars, per, source });

/** Prices of us-east-1, on demand, without free tiers and discounts; November 2026. */
export const PRICES = {
  transferHour: of(0.3, 'hour of an SFTP server', 'Transfer Family pricing, read 2026-09-20'),
  transferGigabyte: of(0.04, 'GB up or down', 'Transfer Family pricing, read 2026-09-20'),
  writeUnits: of(0.625, 'million write units', 'DynamoDB pricing since 2024-11'),
  readUnits: of(0.125, 'million read units', 'DynamoDB pricing since 2024-11'),
  tableGigabyte: of(0.25, 'GB and month of table and indexes'),
  pitrGigabyte: of(0.2, 'GB and month of point-in-time recovery, of the table'),
  s3Put: of(0.005, 'thousand PUT, COPY, LIST of S3'),
  s3Get: of(0.0004, 'thousand GET, HEAD of S3'),
  s3Gigabyte: of(0.023, 'GB and month of S3'),
  sqsRequest: of(0.4, 'million SQS requests'),
  lambdaRequest: of(0.2, 'million calls of functions'),
  lambdaArm: of(0.0000133334, 'GB-second of functions, arm64'),
  lambdaWarm: of(0.0000033334, 'GB-second of provisioned concurrency, arm64'),
  lambdaScratch: of(0.0000000309, 'GB-second of functions, /tmp beyond 512 MB'),
  apiRequest: of(1, 'million requests of an HTTP API', 'API Gateway pricing, as in the facts'),
  secret: of(0.4, 'secret and month'),
  secretCall: of(0.05, 'ten thousand calls of Secrets Manager'),
  key: of(1, 'KMS key and month', 'KMS pricing, read 2026-06'),
  keyCall: of(0.03, 'ten thousand calls of KMS', 'KMS pricing, read 2026-06'),
  logGigabyte: of(0.5, 'GB of logs taken in'),
  alarm: of(0.1, 'alarm and month'),
  dashboard: of(3, 'dashboard and month'),
  metric: of(0.3, 'custom metric and month'),
  traces: of(5, 'million X-Ray traces'),
  mail: of(0.1, 'thousand mails (SES)'),
  event: of(1, 'million own events (EventBridge)'),
} as const;
