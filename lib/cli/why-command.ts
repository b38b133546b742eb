import { Command } from 'commander';
import { explainUser } from '../core/explain/explain-user.ts';
import type { Explanation } from '../core/explain/explanation.ts';
import type { UserFacts } from '../core/explain/user-facts.ts';
import { gatherUserFacts } from '../flows/explain-user.ts';
import { districtOf, withTarget } from './district-command.ts';
import { CommandError, formatTable, printJson, printLine } from './output.ts';
import { type TargetOptions, targetOptions } from './target.ts';

interface Options extends TargetOptions {
  readonly json?: true;
}

/** `rollcall why DISTRICT USER`: everything that is known about one user. Exit code 1: nobody is known by these words. */
export function whyCommand(): Command {
  return targetOptions(new Command('why'))
    .description('say what is known about a user: last delivery, findings, holds, roster, classes')
    .argument('<district>')
    .argument('<user>', 'sourcedId, username or e-mail')
    .option('--json', 'one JSON object on stdout')
    .action(why);
}

async function why(districtId: string, asked: string, options: Options): Promise<void> {
  if (asked.trim() === '') {
    throw new CommandError('blank-user', 'Which user is meant?', 'Give a sourcedId, a username or an e-mail.');
  }
  await withTarget(options, async (target) => {
    const { settings } = await districtOf(target, districtId);
    const facts = await gatherUserFacts(target, settings, asked);
    const explanation = explainUser(facts);
    if (explanation.answer.includes('unknown')) process.exitCode = 1;
    if (options.json) printJson(describeAnswer(facts, explanation));
    else printAnswer(facts, explanation);
  });
}

/** The answer as JSON: ids, codes and facts, no names of people. */
export function describeAnswer(facts: UserFacts, { answer }: Explanation) {
  const { districtId, user, asked, ...rest } = facts;
  return { district: districtId, user: idsOf(facts), answer, facts: { asked, ...factsOf(user), ...rest } };
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

function printAnswer(facts: UserFacts, { headline, lines }: Explanation): void {
  printLine(headline);
  printLine();
  for (const { code, text } of lines) printLine(`- ${text} [${code}]`);
  if (facts.schools.length > 0) {
    const rows = facts.schools.map(({ sourcedId, name, status }) => [name ?? '-', sourcedId, status ?? 'unknown']);
    printLine(`\n${formatTable(['school', 'sourcedId', 'status'], rows)}`);
  }
  if (facts.classes.length > 0) printLine(`\n${formatTable(CLASS_HEAD, facts.classes.map(classRow))}`);
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
