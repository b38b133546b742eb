import type { EnvSpec } from './environment.ts';

/** Environment of the notify function: events of the bus become mails to a district's contacts. */
export const NOTIFY_ENVIRONMENT = {
  TABLE_NAME: 'string',
  /** The address that mails come from; its domain is verified in SES. */
  MAIL_FROM: 'string',
  /** Where answers go: somebody of ours reads it. */
  MAIL_REPLY_TO: 'string',
} as const satisfies EnvSpec;
