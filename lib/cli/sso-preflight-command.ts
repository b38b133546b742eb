import { Command } from 'commander';
import { DOUBT_WORDS, type DoubtCode, type PreflightCode, type PreflightCounts } from '../core/sso/preflight.ts';
import { reasonInWords } from '../core/sso/rehearsal.ts';
import { SUPPORT_WORDS } from '../core/sso/support-words.ts';
import { type PreflightReport, runPreflight } from '../flows/sso/preflight.ts';
import { districtOf, withTarget } from './district-target.ts';
import { counted, formatTable, grouped, printJson, printLine } from './output.ts';
import { Progress } from './progress.ts';
import { type TargetOptions, targetOptions } from './target.ts';
import { wholeNumber } from './values.ts';

interface Options extends TargetOptions {
  readonly json?: true;
  readonly limit: number;
}

/** `rollcall sso-preflight DISTRICT`: who of the active roster could not sign in tomorrow, and why. */
export const ssoPreflightCommand = (): Command =>
  targetOptions(new Command('sso-preflight'))
    .description('who of the active roster could not sign in tomorrow, and why; counts by school and reason')
    .argument('<district>')
    .option('--limit <users>', 'how many users are listed at most', wholeNumber('--limit', 0, 1_000_000), 50)
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExit codes: 0 all could, 1 somebody could not or is doubtful, 2 wrong usage.')
    .action(preflight);

async function preflight(districtId: string, options: Options): Promise<void> {
  await withTarget(options, async (target) => {
    const { settings } = await districtOf(target, districtId);
    const { roster: table, log: syncs, signOn } = target;
    const progress = new Progress();
    const onRead = (users: number) => progress.tell(`${grouped(users)} users read`);
    const report = await runPreflight({ ...signOn, table, syncs }, settings, { limit: options.limit, onRead });
    progress.end();
    const isReady = report.closedBy.length + report.couldNot + report.doubtful === 0;
    if (!isReady) process.exitCode = 1;
    if (options.json) printJson(describe(districtId, report));
    else print(report, (code) => reasonInWords(code, settings), districtId);
  });
}

/** The report as JSON: ids, codes and counts, no names of people. */
function describe(districtId: string, { schools, schoolNames, listed, notListed, ...rest }: PreflightReport) {
  const bySchool = [...schools].map(([sourcedId, counts]) => ({
    sourcedId: sourcedId === '' ? null : sourcedId,
    name: schoolNames.get(sourcedId) ?? null,
    ...counts,
  }));
  return { district: districtId, ...rest, schools: bySchool, listed, notListed };
}

function print(report: PreflightReport, inWords: (code: PreflightReport['closedBy'][number]) => string, id: string) {
  const { users, couldSignIn, couldNot, doubtful, closedBy, listed, notListed } = report;
  const doubt = doubtful === 0 ? '' : `; ${grouped(doubtful)} of them may fail at ClassLink`;
  printLine(`${grouped(couldSignIn)} of ${counted(users, 'active user')} of ${id} could sign in${doubt}.`);
  if (couldNot > 0) printLine(`${grouped(couldNot)} could not.`);
  if (closedBy.length > 0) printLine('\nNobody of the district can:');
  for (const code of closedBy) printLine(`- ${inWords(code)} [${code}]`);
  const codes = codesOf(report).filter((code) => !closedBy.some((closed) => closed === code));
  if (codes.length > 0) {
    const rows = codes.map((code) => [code, report.byCode[code] ?? 0, wordsOf(code)]);
    printLine(`\n${formatTable(['reason', 'users', 'means'], rows)}`);
  }
  const schools = schoolRows(report);
  if (schools.length > 0)
    printLine(`\n${formatTable(SCHOOL_HEAD, schools)}\nWhoever is at several schools counts at each of them.`);
  if (listed.length > 0) {
    const rows = listed.map((user) => [user.sourcedId, user.role || '-', user.codes.join(', ')]);
    printLine(`\n${formatTable(['user', 'role', 'reasons'], rows)}`);
  }
  if (notListed > 0) printLine(`… and ${grouped(notListed)} more (--limit).`);
}

const SCHOOL_HEAD = ['school', 'sourcedId', 'users', 'could not', 'doubtful'];

/** Only schools where somebody has a problem. */
const schoolRows = ({ schools, schoolNames }: PreflightReport): (string | number)[][] =>
  [...schools]
    .filter(([, { couldNot, doubtful }]) => couldNot + doubtful > 0)
    .map(([sourcedId, { users, couldNot, doubtful }]) => [
      schoolNames.get(sourcedId) ?? '-',
      sourcedId || '(no school)',
      ...[users, couldNot, doubtful],
    ]);

/** The most frequent reason first. */
const codesOf = ({ byCode }: PreflightCounts): PreflightCode[] =>
  (Object.keys(byCode) as PreflightCode[]).sort((a, b) => (byCode[b] ?? 0) - (byCode[a] ?? 0));

const isDoubt = (code: PreflightCode): code is DoubtCode => Object.hasOwn(DOUBT_WORDS, code);
const wordsOf = (code: PreflightCode): string => (isDoubt(code) ? DOUBT_WORDS[code] : SUPPORT_WORDS[code].means);
