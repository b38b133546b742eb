import { momentOf } from '../core/explain/explain-words.ts';
import { type ExplainedReference, explainReference } from '../flows/sso/explain-reference.ts';
import { withTarget } from './district-target.ts';
import { printJson, printLine } from './output.ts';
import type { TargetOptions } from './target.ts';

/** `rollcall why --ref REFERENCE`: what a refusal of the sign-on was, for support. Exit code 1: no row is kept of it. */
export async function explainTypedReference(
  typed: string,
  options: TargetOptions & { readonly json?: true },
): Promise<void> {
  await withTarget(options, async ({ signOn }) => {
    const found = await explainReference(signOn, typed);
    if (!found?.known) process.exitCode = 1;
    if (options.json) printJson(found === null ? NOTHING : describe(found));
    else if (found === null) printLine('This is no reference of ours: two letters, a hyphen, and two times four more.');
    else print(found);
  });
}

const NOTHING = { reference: null, known: false };

const describe = ({ districtId, ...rest }: ExplainedReference) => ({ ...rest, district: districtId });

function print({ reference, code, known, at, districtId, means, toDo }: ExplainedReference): void {
  const where = districtId === null ? 'no district was known yet' : `district ${districtId}`;
  if (known && at !== null) printLine(`${reference}: refused at ${momentOf(at)}, ${where} [${code}]`);
  else {
    printLine(
      `Nothing is kept about ${reference}: mistyped, older than 14 days, or refused before ClassLink's answer.`,
    );
    printLine(`Its first letters stand for ${code}.`);
  }
  printLine(`- ${means}`);
  printLine(`- ${districtId === null ? toDo : toDo.replaceAll('DISTRICT', districtId)}`);
}
