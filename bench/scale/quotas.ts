import { DEV_THROTTLES } from '../../lib/contracts/sign-on-routes.ts';
import { BUCKET_COUNT } from '../../lib/contracts/table-keys.ts';
import { stageSettings } from '../../lib/infra/stage-settings.ts';
import { hopTimes } from '../cost/measured.ts';
import { ASSUMED } from '../cost/month.ts';
import { shown } from '../cost/page-tables.ts';
import { nightWith, WORLD } from './nights.ts';
import { type Outcome, simulate } from './simulate.ts';

/** A hop, what the world asks of it, what it may have, and what lifts the limit. */
export interface QuotaLine {
  readonly hop: string;
  readonly asked: number;
  readonly allowed: number;
  readonly unit: string;
  readonly arithmetic: string;
  readonly source: string;
  readonly lift: string;
}

/** Everyone launches at 08:00: the minutes over which a time zone's clicks are spread, and the share of students in one zone. */
export const MORNING = { minutes: 15, zoneShare: 0.5 } as const;

const noQuota = Number.POSITIVE_INFINITY;

/** Launches a second at 08:00 in the largest time zone. */
export const launchesPerSecond = (): number => (WORLD.students * MORNING.zoneShare) / (MORNING.minutes * 60);

/** The hops of the night, tightest first. */
export function nightQuotas(outcome: Outcome = simulate(nightWith('prod'))): QuotaLine[] {
  const { workers } = stageSettings('prod');
  const { districts, spreadMinutes } = WORLD;
  const perSecond = districts / (spreadMinutes * 60);
  const all = workers.receive.concurrency + workers.plan.concurrency + workers.apply.concurrency;
  const uploads = `${shown(districts)} uploads in ${spreadMinutes} min`;
  return tightestFirst([
    line(
      'DynamoDB, reads of the table',
      outcome.peakReadUnits,
      40_000,
      'RRU/s',
      'busiest minute of the simulated night',
      'DynamoDB ServiceQuotas: 40,000 a table by default',
      'Service Quotas: table-level read throughput; before the first such night, warm throughput of the table (12,000 when it is new)',
    ),
    line(
      'DynamoDB, writes of the table',
      outcome.peakWriteUnits,
      40_000,
      'WRU/s',
      'busiest minute, indexes counted too',
      'DynamoDB ServiceQuotas',
      'Service Quotas: table-level write throughput; warm throughput (4,000 when new)',
    ),
    line(
      'DynamoDB, writes of one partition key',
      2 / hopTimes().applyWrite.each / BUCKET_COUNT,
      1_000,
      'WRU/s',
      `an apply writes ${shown(1 / hopTimes().applyWrite.each)} records a second (counted), two units each in the table, over ${BUCKET_COUNT} buckets`,
      'DynamoDB: burst and adaptive capacity',
      'more buckets (`BUCKET_COUNT`); needs a migration',
    ),
    line(
      'Transfer, sessions of the server',
      districts,
      10_000,
      'sessions',
      'all districts connected at once, one session each',
      'Transfer Family endpoints and quotas: hard',
      'a second server; each has its own host name',
    ),
    line(
      'Lambda, concurrency of the account',
      all,
      1_000,
      'functions',
      `${workers.receive.concurrency} + ${workers.plan.concurrency} + ${workers.apply.concurrency} workers`,
      'Lambda quotas: 1,000 by default (a new account: fewer), to be checked',
      'Service Quotas: concurrent executions',
    ),
    line(
      'Lambda, workers of one queue',
      workers.plan.concurrency,
      1_000,
      'functions',
      '`maxConcurrency` of the event source; it starts with 5 and adds 300 a minute',
      'Lambda: scaling behavior of SQS event source mappings',
      '`workers.*.concurrency` in `stage-settings.ts`',
    ),
    line(
      'Lambda, new environments',
      all / 10,
      100,
      'a second',
      `${all} in the first 10 s; the quota is 1,000 in 10 s for each function`,
      'Lambda quotas',
      'none is needed',
    ),
    line(
      'S3, writes under one prefix',
      perSecond * ASSUMED.s3Puts,
      3_500,
      'requests/s',
      `${uploads} × ${ASSUMED.s3Puts}, were all in one prefix`,
      'S3 performance guidelines, to be checked',
      'prefixes differ by district already',
    ),
    line(
      'SQS, in flight in one queue',
      workers.plan.concurrency,
      120_000,
      'messages',
      'a message is in flight while a worker has it; delayed ones are not',
      'SQS quotas-queues',
      'none is needed',
    ),
    line(
      'SQS and S3 events, rate',
      perSecond * 3,
      noQuota,
      'messages/s',
      `${uploads}, three messages each`,
      'SQS quotas-messages: standard queues have no such quota',
      'none',
    ),
    line(
      'KMS, requests with our keys',
      perSecond * 6,
      10_000,
      'requests/s',
      `${uploads}; S3 with bucket keys, SQS and DynamoDB keep data keys for minutes: 6 a delivery at most`,
      'KMS requests-per-second: by Region 10,000 to 100,000, to be checked',
      'Service Quotas: symmetric cryptographic operations',
    ),
    line(
      'EventBridge, PutEvents',
      perSecond,
      10_000,
      'events/s',
      'one event for each sync',
      'EventBridge quotas, us-east-1, to be checked',
      'Service Quotas: PutEvents',
    ),
    line(
      'SES, mails',
      perSecond * ASSUMED.mailsPerNight,
      14,
      'mails/s',
      `${ASSUMED.mailsPerNight} mails a sync`,
      'SES quotas once out of the sandbox (there it is 1 a second, 200 a day), to be checked',
      'SES: request production access, then a higher sending rate',
    ),
  ]);
}

/** The hops of the morning, tightest first. */
export function morningQuotas(): QuotaLine[] {
  const { sso } = stageSettings('prod');
  const launches = launchesPerSecond();
  const calls = launches * ASSUMED.callsPerLaunch;
  const first = launches * 4;
  const concurrency = launches * ASSUMED.launchSeconds + launches * 3 * ASSUMED.otherCallSeconds;
  const { ratePerSecond } = sso.throttles['GET /callback'];
  return tightestFirst([
    line(
      'our throttle of `GET /callback`',
      launches * 2,
      ratePerSecond,
      'requests/s',
      `${shown(launches)} launches/s × 2; dev allows ${DEV_THROTTLES['GET /callback'].ratePerSecond}`,
      '`sso.throttles` of prod',
      '`signOnThrottles(N)` in `sso-settings.ts`',
    ),
    line(
      'Lambda, reserved for `sso`',
      concurrency,
      sso.reservedConcurrency ?? 1_000,
      'functions',
      `${shown(launches)} × ${ASSUMED.launchSeconds} s + 3 × ${shown(launches)} × ${ASSUMED.otherCallSeconds} s`,
      '`reservedConcurrency` of prod',
      '`reservedConcurrency`, once the account has it',
    ),
    line(
      'Lambda, concurrency of the account',
      concurrency,
      1_000,
      'functions',
      'the same',
      'Lambda quotas: 1,000 by default, to be checked',
      'Service Quotas: concurrent executions',
    ),
    line(
      'Lambda, new environments of `sso`',
      concurrency / 10,
      100,
      'a second',
      'all within ten seconds; quota 1,000 in 10 s',
      'Lambda quotas',
      '`provisionedConcurrency` on a schedule before 08:00',
    ),
    line(
      'API Gateway, account',
      first,
      10_000,
      'requests/s',
      `${shown(launches)} × 4 calls; ${shown(calls)} with the refreshes of half an hour`,
      'Lambda: choosing an API Gateway HTTP invocation method',
      'Service Quotas: throttle rate of the account and Region',
    ),
    line(
      'DynamoDB, reads',
      launches * ASSUMED.readUnitsPerLaunch,
      40_000,
      'RRU/s',
      `${ASSUMED.readUnitsPerLaunch} units a launch, assumed`,
      'DynamoDB ServiceQuotas',
      'Service Quotas: table-level read throughput, warm throughput',
    ),
    line(
      'DynamoDB, writes',
      launches * ASSUMED.writeUnitsPerLaunch,
      40_000,
      'WRU/s',
      `${ASSUMED.writeUnitsPerLaunch} units a launch, assumed`,
      'DynamoDB ServiceQuotas',
      'Service Quotas: table-level write throughput, warm throughput',
    ),
    line(
      'Secrets Manager, GetSecretValue',
      concurrency / 10,
      10_000,
      'requests/s',
      'once for each new environment; the extension keeps it then',
      'Secrets Manager quotas, to be checked',
      'none is needed',
    ),
    line(
      'KMS',
      concurrency / 10,
      10_000,
      'requests/s',
      'one decryption for each secret read; tokens are signed in memory, not by KMS',
      'KMS requests-per-second, to be checked',
      'none is needed',
    ),
  ]);
}

function line(
  hop: string,
  asked: number,
  allowed: number,
  unit: string,
  arithmetic: string,
  source: string,
  lift: string,
): QuotaLine {
  return { hop, asked, allowed, unit, arithmetic, source, lift };
}

const tightestFirst = (lines: QuotaLine[]): QuotaLine[] =>
  lines.sort((a, b) => b.asked / b.allowed - a.asked / a.allowed);
