import { Command } from 'commander';
import {
  addProductSecret,
  changeClassLink,
  fillSignOnSecret,
  isPlaceholder,
  removeProductSecret,
} from '../adapters/secrets/fill-sign-on-secret.ts';
import { type AskOptions, mayGoOn } from './ask.ts';
import { askSecret } from './ask-secret.ts';
import { inWords } from './aws-errors.ts';
import { CommandError, printJson, printLine } from './output.ts';
import { findStage, type Stage } from './stage.ts';
import { demandStage, type StageOptions, stageOptions } from './stage-options.ts';

type Options = StageOptions & AskOptions;

interface MakeOptions extends Options {
  readonly clientId: string;
  readonly product: readonly string[];
  readonly replace?: true;
}

/** For an option that may be given several times. */
const collect = (value: string, earlier: readonly string[]): readonly string[] => [...earlier, value];

const each = (name: string, description: string): Command =>
  stageOptions(new Command(name).description(description))
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExit codes: 0 done, 2 wrong usage, or it could not be done.');

/** `rollcall sso-secret …`: what the sign-on of a stage must know and nobody may see. Shows what it made once, and keeps hashes. */
export function ssoSecretCommand(): Command {
  const command = new Command('sso-secret').description(
    "fill in the sign-on's secret of a stage: ClassLink's client, our own keys, the products' secrets",
  );
  command.addCommand(
    each('make', "day 0: makes all keys and the products' secrets, shown once; asks for ClassLink's client secret")
      .requiredOption('--client-id <id>', 'the client id that ClassLink gave us')
      .option('--product <client-id>', 'a product; may be given several times (else: all of the stage)', collect, [])
      .option('--replace', 'also where the secret is filled in: ends all sessions, and all products need new secrets')
      .option('--yes', 'do not ask')
      .action(make),
  );
  command.addCommand(
    each('class-link', 'a new client secret of ClassLink, which it asks for; nobody is signed out')
      .requiredOption('--client-id <id>', 'the client id that ClassLink gave us')
      .action(renewClassLink),
  );
  const product = new Command('product').description("change a product's secret, with both in force meanwhile");
  product.addCommand(each('add', 'one more secret, shown once').argument('<client-id>').action(addProduct));
  product.addCommand(each('remove', 'the oldest secret ends').argument('<client-id>').action(removeProduct));
  return command.addCommand(product);
}

async function withStage(options: Options, work: (stage: Stage) => Promise<void>): Promise<void> {
  const stage = await findStage(demandStage(options, 'The local stack makes its own sign-on secret when it starts.'));
  try {
    await work(stage);
  } catch (thrown) {
    throw inWords(thrown);
  } finally {
    stage.close();
  }
}

async function make(options: MakeOptions): Promise<void> {
  await withStage(options, async ({ names, signOnSecret }) => {
    const products = options.product.length > 0 ? [...new Set(options.product)] : names.productClientIds;
    for (const clientId of products) demandProduct(clientId, names.productClientIds);
    // Before anybody types a secret: it would be for nothing.
    const isFilled = !isPlaceholder(await signOnSecret.read());
    if (isFilled && !options.replace) throw filledAlready();
    if (isFilled && !(await mayGoOn('All sessions end, and every product needs its new secret. Go on?', options))) {
      return printLine('Nothing was changed.');
    }
    const clientSecret = await askSecret("ClassLink's client secret");
    const given = {
      classLink: { clientId: options.clientId, clientSecret },
      products,
      replace: options.replace === true,
    };
    const outcome = await fillSignOnSecret(signOnSecret, given, new Date());
    // Somebody was faster.
    if (outcome.done === 'filled-already') throw filledAlready();
    if (options.json) printJson({ made: true, clientSecrets: outcome.clientSecrets });
    else {
      printLine('The secret is filled in; functions see it within six minutes.');
      for (const [clientId, secret] of Object.entries(outcome.clientSecrets)) sayProductSecret(clientId, secret);
    }
  });
}

async function renewClassLink(options: Options & { readonly clientId: string }): Promise<void> {
  await withStage(options, async ({ signOnSecret }) => {
    demandFilled(await signOnSecret.read());
    const clientSecret = await askSecret("ClassLink's new client secret");
    await changeClassLink(signOnSecret, { clientId: options.clientId, clientSecret });
    if (options.json) printJson({ changed: true });
    else printLine('It is in; functions see it within six minutes. Try a launch.');
  });
}

async function addProduct(clientId: string, options: Options): Promise<void> {
  await withStage(options, async ({ names, signOnSecret }) => {
    demandProduct(clientId, names.productClientIds);
    demandFilled(await signOnSecret.read());
    const outcome = await addProductSecret(signOnSecret, clientId);
    if (outcome.done !== 'added') {
      const hint = `End the oldest first: rollcall sso-secret product remove ${clientId} --stage ${names.stage}.`;
      throw new CommandError('two-secrets', `${clientId} has an old and a new secret already.`, hint);
    }
    const { clientSecret, count } = outcome;
    if (options.json) printJson({ product: clientId, clientSecret, count });
    else {
      sayProductSecret(clientId, clientSecret);
      if (count > 1) printLine('The old one counts until `sso-secret product remove`.');
    }
  });
}

async function removeProduct(clientId: string, options: Options): Promise<void> {
  await withStage(options, async ({ signOnSecret }) => {
    demandFilled(await signOnSecret.read());
    const outcome = await removeProductSecret(signOnSecret, clientId);
    if (outcome.done !== 'removed') {
      const hint = 'Make a new one first: `sso-secret product add`.';
      throw new CommandError('last-secret', `${clientId} has no second secret: nobody could sign in with it.`, hint);
    }
    if (options.json) printJson({ product: clientId, count: outcome.count });
    else printLine(`The oldest secret of ${clientId} counts for six minutes at most; the newer one stays.`);
  });
}

const sayProductSecret = (clientId: string, secret: string): void =>
  printLine(`Product ${clientId}, client secret ${secret} (shown only now).`);

const filledAlready = (): CommandError =>
  new CommandError(
    'secret-filled',
    'The secret is filled in already. Nothing was changed.',
    'To change a part of it: `sso-secret class-link`, `sso-secret product`, `sso-keys rotate`. --replace throws all of it away.',
  );

function demandFilled(text: string): void {
  if (!isPlaceholder(text)) return;
  const hint = 'Day 0: `rollcall sso-secret make --stage NAME --client-id ID`.';
  throw new CommandError('secret-empty', 'The secret is not filled in yet.', hint);
}

/** A slip in a name would make a secret that nobody is asked for. */
function demandProduct(clientId: string, registered: readonly string[]): void {
  if (registered.includes(clientId)) return;
  const hint = `The stage has: ${registered.join(', ')}. Others are added in lib/infra/sso-settings.ts and deployed.`;
  throw new CommandError('unknown-product', `${clientId} is no product of this stage.`, hint);
}
