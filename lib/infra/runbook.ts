/** Headings of docs/runbook.md below "Alarms". A test holds them to the page and to the alarms, both ways. */
export const RUNBOOK_HEADINGS = [
  'Work waits too long',
  'Messages in a dead-letter queue',
  'A sync failed',
  'The table is not as the plan promised',
  'A district is late',
  'The watch does not run',
  'The purge does not run',
  'A function fails',
  'A function is throttled',
  'A function is near its time limit',
  'DynamoDB throttles',
  'DynamoDB fails',
  'The sign-on answers with errors',
  'Many launches are refused',
  'SFTP logins are refused',
  'Uploads break off',
  'KMS is near its quota',
  'Events are not delivered',
] as const;

/** A heading of the runbook. */
export type RunbookHeading = (typeof RUNBOOK_HEADINGS)[number];

/** Where to read about it: the page, as the stage's settings name it, and GitHub's anchor of the heading. */
export const runbookLink = (heading: RunbookHeading, page: string): string =>
  `${page}#${heading.toLowerCase().replaceAll(' ', '-')}`;
