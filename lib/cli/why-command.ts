import { Command } from 'commander';
import { explainUser } from '../core/explain/explain-user.ts';
import type { Explanation } from '../core/explain/explanation.ts';
import type { UserFacts } from '../core/explain/user-facts.ts';
import type { SignOnAnswer } from '../core/sso/rehearsal.ts';
import { gatherUserFacts } from '../flows/explain-user.ts';
import { rehearseSignOn } from '../flows/sso/rehearse-sign-on.ts';
import { districtOf, withTarget } from './district-target.ts';
import { explainTypedReference } from './explain-reference.ts';
import { CommandError, formatTable, printJson, printLine } from './output.ts';
import { type TargetOptions, targetOptions } from './target.ts';

interface Options extends TargetOptions {
  readonly json?: true;
  readonly ref?: string;
}

/**
 * `rollcall why DISTRICT USER`: everything that is known about one user. `rollcall why --ref REFERENCE`: what a refusal of
 * the sign-on means. Exit code 1: nobody, or no refusal, is known by these words.
 */
export function whyCommand(): Command {
  return targetOptions(new Command('why'))
    .description('say what is known about a user: last delivery, findings, holds, roster, classes, signing in')
    .argument('[district]')
    .argument('[user]', 'sourcedId, username or e-mail')
    .option('--ref <reference>', 'instead of a user: the code on the page of a refused sign-on')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExit codes: 0 known, 1 nobody, or no refusal, is known by these words, 2 wrong usage.')
    .action(why);
}

async function why(districtId: string | undefined, asked: string | undefined, options: Options): Promise<void> {
  if (options.ref !== undefined) {
    if (districtId !== undefined) {
      throw new CommandError('bad-options', '--ref stands alone.', 'Leave district and user out.');
    }
    return explainTypedReference(options.ref, options);
  }
  if (districtId === undefined || asked === undefined) {
    throw new CommandError('missing-argument', 'Who is meant?', 'Give a district and a user, or --ref REFERENCE.');
  }
  if (asked.trim() === '') {
    throw new CommandError('blank-user', 'Which user is meant?', 'Give a sourcedId, a username or an e-mail.');
  }
  await withTarget(options, async (target) => {
    const { settings } = await districtOf(target, districtId);
    const facts = await gatherUserFacts(target, settings, asked);
    const explanation = explainUser(facts);
    const { districts, log: syncs, signOn: ports } = target;
    const person = facts.user && { sourcedId: facts.user.sourcedId, username: facts.user.record?.username ?? '' };
    const signOn = person && (await rehearseSignOn({ ...ports, districts, syncs }, settings, person));
    if (explanation.answer.includes('unknown')) process.exitCode = 1;
    if (options.json) printJson(describeAnswer(facts, explanation, signOn));
    else printAnswer(facts, explanation, signOn);
  });
}

/** The answer as JSON: ids, codes and facts, no names of people. */
export function describeAnswer(facts: UserFacts, { answer }: Explanation, signOn: SignOnAnswer | null) {
  const { districtId, user, asked, ...rest } = facts;
  return { district: districtId, user: idsOf(facts), answer, signOn, facts: { asked, ...factsOf(user), ...rest } };
}

function idsOf({ user }: UserFacts) {
  if (user === null) return null;
  const { sourcedId, record } = user;
  if (record === null) return { sourcedId, productId: null, username: null, email: null, status: null, role: null };
  const { productId, username, email, status, role } = record;
  return { sourcedId, productId, username, email, status, role };
}

function factsOf(user: UserFacts['user']) {
  if (user === null) return { matchedBy: null, movedFrom: [], record: null };
  const { matchedBy, movedFrom, record } = user;
  if (record === null) return { matchedBy, movedFrom, record };
  const { enabled, syncId, inactiveSince, editedAt, movedTo } = record;
  return { matchedBy, movedFrom, record: { enabled, syncId, inactiveSince, editedAt, movedTo } };
}

function printAnswer(facts: UserFacts, { headline, lines }: Explanation, signOn: SignOnAnswer | null): void {
  printLine(headline);
  printLine();
  for (const { code, text } of lines) printLine(`- ${text} [${code}]`);
  if (signOn) printSignOn(signOn);
  if (facts.schools.length > 0) {
    const rows = facts.schools.map(({ sourcedId, name, status }) => [name ?? '-', sourcedId, status ?? 'unknown']);
    printLine(`\n${formatTable(['school', 'sourcedId', 'status'], rows)}`);
  }
  if (facts.classes.length > 0) printLine(`\n${formatTable(CLASS_HEAD, facts.classes.map(classRow))}`);
}

function printSignOn({ couldSignIn, code, reasons }: SignOnAnswer): void {
  const [first, ...more] = reasons;
  if (couldSignIn) printLine('- Could sign in now: a launch from LaunchPad that names this sourcedId would be let in.');
  else printLine(`- Could not sign in now: ${first} [${code}]`);
  for (const reason of more) printLine(`  And then: ${reason}`);
}

const CLASS_HEAD = ['class', 'sourcedId', 'role', 'status', 'enrollment', 'from', 'to'];

const classRow = (each: UserFacts['classes'][number]): string[] => [
  each.class.name ?? '-',
  each.classSourcedId,
  each.primary ? `${each.role}, primary` : each.role,
  each.class.status ?? 'unknown',
  each.sourcedId,
  each.beginDate || '-',
  each.endDate || '-',
];
