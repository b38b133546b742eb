import { ssoFaults } from './check-sso-settings.ts';
import { placeholderFaults } from './placeholders.ts';
import type { StageSettings, WorkerSettings } from './stage-settings.ts';

const HOST_NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const ADDRESS = /^[A-Za-z0-9._%+-]{1,64}@([a-z0-9.-]+)$/;
/** As people write one; it is only ever shown. */
const PHONE = /^\+?\d[\d ().x-]{3,38}\d$/;
/** Stands in the mail of an alarm, which has room for 1,024 characters in all. */
const PAGE = /^https:\/\/[a-z0-9.-]+(:\d{1,5})?\/[^\s#]{1,500}$/;
const CIDR = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\/(?:3[0-2]|[12]?\d)$/;

const whole = (value: number, least: number, most: number) =>
  Number.isInteger(value) && value >= least && value <= most;

/**
 * Checks what a person wrote into the settings of a stage, so that a slip fails the synth with its name, and not the
 * deployment, the first mail or the first launch.
 *
 * @throws Error that lists every fault
 */
export function checkStageSettings(settings: StageSettings): StageSettings {
  const faults = [
    ...placeFaults(settings),
    ...Object.entries(settings.workers).flatMap(([name, worker]) => workerFaults(name, worker)),
    ...dayFaults(settings),
    ...sftpFaults(settings),
    ...mailFaults(settings),
    ...supportFaults(settings),
    ...ssoFaults(settings.sso, settings.region),
    ...placeholderFaults(settings),
  ];
  if (faults.length > 0) throw new Error(`settings of stage ${settings.stage}:\n  ${faults.join('\n  ')}`);
  return settings;
}

function placeFaults({ account, region, availabilityZones: zones, watchAtOnce }: StageSettings): string[] {
  const ours = zones.every((zone) => zone.startsWith(region) && /^[a-z]$/.test(zone.slice(region.length)));
  return [
    ...(/^\d{12}$/.test(account) ? [] : ['account: twelve digits']),
    ...(/^[a-z]{2}(-[a-z]+)+-\d$/.test(region) ? [] : ['region: a Region of AWS, such as us-east-1']),
    ...(ours && zones.length >= 1 && zones.length <= 3 && new Set(zones).size === zones.length
      ? []
      : [`availabilityZones: one to three different zones of ${region}`]),
    ...(watchAtOnce === null || whole(watchAtOnce, 1, 10) ? [] : ['watchAtOnce: null, or 1 to 10']),
  ];
}

function workerFaults(name: string, worker: WorkerSettings): string[] {
  const at = `workers.${name}`;
  return [
    ...(whole(worker.memoryMegabytes, 128, 10_240) ? [] : [`${at}.memoryMegabytes: 128 to 10240`]),
    ...(whole(worker.timeoutSeconds, 1, 900) ? [] : [`${at}.timeoutSeconds: 1 to 900`]),
    ...(whole(worker.scratchMegabytes, 512, 10_240) ? [] : [`${at}.scratchMegabytes: 512 to 10240`]),
    ...(whole(worker.concurrency, 2, 1_000) ? [] : [`${at}.concurrency: 2 to 1000`]),
  ];
}

function dayFaults({ exportDays, planDays, recordDays, historyDays }: StageSettings): string[] {
  return [
    // Older versions of uploads take seven of them.
    ...(whole(exportDays, 9, 365) ? [] : ['exportDays: 9 to 365']),
    // Longer, and the word that an upload failed would be forgotten before a plan of it (BAR_SECONDS).
    ...(whole(planDays, 1, 40) ? [] : ['planDays: 1 to 40']),
    // Less than that, and a student who comes back after the summer is somebody new.
    ...(whole(recordDays, 120, 3_650) ? [] : ['recordDays: 120 to 3650']),
    // A delivery that waits is needed for as long as its files are there.
    ...(whole(historyDays, Math.max(planDays, exportDays) + 30, 3_650)
      ? []
      : ['historyDays: 30 more than planDays and exportDays, to 3650']),
  ];
}

function sftpFaults({ stage, sftp }: StageSettings): string[] {
  const { hostName, allowedCidrs, endpoint, loginsAtOnce } = sftp;
  const everybody = allowedCidrs.length === 1 && allowedCidrs[0] === '0.0.0.0/0';
  return [
    ...(hostName === null || HOST_NAME.test(hostName) ? [] : ['sftp.hostName: a host name in lower case, or null']),
    // Districts pin the name, and Transfer's own goes with the server.
    ...(hostName === null && stage === 'prod' ? ['sftp.hostName: prod needs a name of your own'] : []),
    ...(allowedCidrs.length > 0 && allowedCidrs.every((cidr) => CIDR.test(cidr))
      ? []
      : ['sftp.allowedCidrs: at least one IPv4 range, such as 192.0.2.0/24']),
    ...(loginsAtOnce === null || whole(loginsAtOnce, 1, 900) ? [] : ['sftp.loginsAtOnce: null, or 1 to 900']),
    ...(endpoint === 'addresses' || everybody
      ? []
      : ['sftp.allowedCidrs: a public end point has no security group; say 0.0.0.0/0']),
  ];
}

function mailFaults({ mail, alarms, runbookUrl }: StageSettings): string[] {
  const host = ADDRESS.exec(mail.from)?.[1];
  const isBelow = host === mail.domain || host?.endsWith(`.${mail.domain}`);
  return [
    ...(HOST_NAME.test(mail.domain) ? [] : ['mail.domain: a domain in lower case']),
    ...(['make', 'exists'].includes(mail.identity) ? [] : ['mail.identity: make or exists']),
    ...(PAGE.test(runbookUrl) ? [] : ['runbookUrl: the https address of a page, without # and what comes after it']),
    ...(host !== undefined && isBelow ? [] : ['mail.from: an address of mail.domain']),
    ...(alarms.emails.length > 0 && alarms.emails.every((each) => ADDRESS.test(each))
      ? []
      : ['alarms.emails: at least one address']),
  ];
}

function supportFaults({ support: { email, phone } }: StageSettings): string[] {
  return [
    ...(ADDRESS.test(email) ? [] : ['support.email: an address that districts can write to']),
    ...(phone === null || PHONE.test(phone) ? [] : ['support.phone: a number such as +1 480 555 0100, or null']),
  ];
}
