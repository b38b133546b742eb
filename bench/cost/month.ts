import { DEV_SSO, type SsoSettings } from '../../lib/infra/sso-settings.ts';
import type { StageSettings } from '../../lib/infra/stage-settings.ts';
import { hopTimes } from './measured.ts';
import { CHANGED_PER_STUDENT, firstSync, nightlySync, RECORD_BYTES, typicalRows } from './model.ts';
import { PRICES } from './prices.ts';

/** What is assumed of a month; each is a line of docs/cost.md. */
export const ASSUMED = {
  nights: 30,
  schoolDays: 21,
  /** Launches of a student on a school day. */
  launches: 1,
  /** Calls of a launch: /callback twice, /authorize, /token, and three refreshes in half an hour. */
  callsPerLaunch: 7,
  launchSeconds: 1,
  otherCallSeconds: 0.01,
  readUnitsPerLaunch: 15,
  writeUnitsPerLaunch: 15,
  /** Of CSV for each student, zipped: counted, 81 bytes for each. */
  zipBytesPerStudent: 82,
  /** A plan names each record that it changes, before and after, and the delivery is unpacked never. */
  planBytesPerChange: 400,
  keptExports: 30,
  /** Counted: 48 reads a night at 1,000 students, 89 at 5,000, as the zip is read in pieces. */
  s3Gets: 38,
  s3GetsPerStudent: 0.01025,
  /** Counted for each night, the upload too; they do not grow. */
  s3Puts: 9,
  /** S3's event, two delayed looks, plan, apply: send, receive, delete. */
  sqsRequests: 12,
  functionCalls: 4,
  logBytesPerNight: 10_000,
  logBytesPerLaunch: 2_000,
  mailsPerNight: 0.2,
  /** Of the stage, whatever its districts. */
  keys: 8,
  secrets: 2,
  alarms: 47,
  dashboards: 1,
  metrics: 20,
  /** Long polling of five queues by five pollers each, every 20 s. */
  idlePolls: (5 * 5 * 3600 * 24 * 30) / 20,
  watchesPerMonth: 4 * 24 * 30,
  hours: 730,
} as const;

/** Dollars by what they are for. */
export type Bill = Readonly<Record<string, number>>;

const MEGABYTES_PER_GIGABYTE = 1024;
const million = (count: number): number => count / 1e6;

/** A month of one district, without what all districts share. */
export function districtMonth(students: number, { workers, sso }: Pick<StageSettings, 'workers' | 'sso'>): Bill {
  const rows = typicalRows(students);
  const records = Object.values(rows).reduce((sum, count) => sum + count, 0);
  const night = nightlySync(rows, Math.round(students * CHANGED_PER_STUDENT));
  const launches = students * ASSUMED.launches * ASSUMED.schoolDays;
  const tableBytes = Object.entries(rows).reduce((sum, [kind, count]) => sum + count * (RECORD_BYTES[kind] ?? 0), 0);
  // Users and enrollments are in two indexes, entries of the size of the item; 100 bytes more for each.
  const indexBytes = 2 * ((rows['user'] ?? 0) * 565 + (rows['enrollment'] ?? 0) * 461) + 200 * records;
  const zip = students * ASSUMED.zipBytesPerStudent;
  const gigabytes = (bytes: number) => bytes / 1e9;
  const exportBytes = zip + students * CHANGED_PER_STUDENT * ASSUMED.planBytesPerChange;
  const times = hopTimes();
  const seconds = {
    receive: times.receive.fixed + times.receive.each * records,
    plan: times.plan.fixed + times.plan.each * records,
    apply:
      times.applyRead.fixed + times.applyRead.each * records + times.applyWrite.each * students * CHANGED_PER_STUDENT,
  };
  const gbSeconds = (['receive', 'plan', 'apply'] as const).reduce(
    (sum, name) => sum + seconds[name] * (workers[name].memoryMegabytes / MEGABYTES_PER_GIGABYTE),
    0,
  );
  const launchSeconds = ASSUMED.launchSeconds + (ASSUMED.callsPerLaunch - 1) * ASSUMED.otherCallSeconds;
  const ssoGbSeconds = launches * launchSeconds * (sso.size.memoryMegabytes / MEGABYTES_PER_GIGABYTE);
  const { nights } = ASSUMED;
  return {
    'SFTP traffic': nights * gigabytes(zip) * PRICES.transferGigabyte.dollars,
    'S3 requests':
      nights *
      ((ASSUMED.s3Puts * PRICES.s3Put.dollars) / 1e3 +
        ((ASSUMED.s3Gets + students * ASSUMED.s3GetsPerStudent) * PRICES.s3Get.dollars) / 1e3),
    'S3 storage': gigabytes(exportBytes * ASSUMED.keptExports) * PRICES.s3Gigabyte.dollars,
    SQS: million(nights * ASSUMED.sqsRequests) * PRICES.sqsRequest.dollars,
    'table: nightly reads': million(nights * night.readUnits) * PRICES.readUnits.dollars,
    'table: nightly writes': million(nights * night.writeUnits) * PRICES.writeUnits.dollars,
    'table: storage': gigabytes(tableBytes + indexBytes) * PRICES.tableGigabyte.dollars,
    'table: PITR': gigabytes(tableBytes) * PRICES.pitrGigabyte.dollars,
    'functions: syncs':
      nights * gbSeconds * PRICES.lambdaArm.dollars +
      million(nights * ASSUMED.functionCalls) * PRICES.lambdaRequest.dollars +
      (nights * seconds.plan * (workers.plan.scratchMegabytes - 512) * PRICES.lambdaScratch.dollars) /
        MEGABYTES_PER_GIGABYTE,
    'events, mails':
      million(nights) * PRICES.event.dollars + (nights * ASSUMED.mailsPerNight * PRICES.mail.dollars) / 1e3,
    'logs and traces':
      gigabytes(nights * ASSUMED.logBytesPerNight + launches * ASSUMED.logBytesPerLaunch) * PRICES.logGigabyte.dollars +
      million(nights * ASSUMED.functionCalls + 0.05 * launches * ASSUMED.callsPerLaunch) * PRICES.traces.dollars,
    'launches: API': million(launches * ASSUMED.callsPerLaunch) * PRICES.apiRequest.dollars,
    'launches: function':
      ssoGbSeconds * PRICES.lambdaArm.dollars +
      million(launches * ASSUMED.callsPerLaunch) * PRICES.lambdaRequest.dollars,
    'launches: table':
      million(launches * ASSUMED.readUnitsPerLaunch) * PRICES.readUnits.dollars +
      million(launches * ASSUMED.writeUnitsPerLaunch) * PRICES.writeUnits.dollars,
  };
}

/** A month of the stage with no district in it. */
export function stageMonth(sso: SsoSettings = DEV_SSO): Bill {
  const warmGigabytes = (sso.provisionedConcurrency * sso.size.memoryMegabytes) / MEGABYTES_PER_GIGABYTE;
  return {
    'Transfer server': ASSUMED.hours * PRICES.transferHour.dollars,
    'KMS keys': ASSUMED.keys * PRICES.key.dollars,
    secrets: ASSUMED.secrets * PRICES.secret.dollars,
    'alarms, dashboard, metrics':
      ASSUMED.alarms * PRICES.alarm.dollars + PRICES.dashboard.dollars + ASSUMED.metrics * PRICES.metric.dollars,
    'empty polls of queues': million(ASSUMED.idlePolls) * PRICES.sqsRequest.dollars,
    'warm sign-on functions': ASSUMED.hours * 3600 * warmGigabytes * PRICES.lambdaWarm.dollars,
  };
}

/** The first sync of a district, once: write and read units. */
export function firstSyncDollars(students: number): number {
  const { readUnits, writeUnits } = firstSync(typicalRows(students));
  return million(readUnits) * PRICES.readUnits.dollars + million(writeUnits) * PRICES.writeUnits.dollars;
}

/** Sum of a bill. */
export const totalOf = (bill: Bill): number => Object.values(bill).reduce((sum, each) => sum + each, 0);
