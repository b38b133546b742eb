import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NIST80053R4Checks, NIST80053R5Checks } from 'cdk-nag';
import { acknowledgeNist } from '../lib/infra/acknowledge.ts';
import { FoundationStack } from '../lib/infra/foundation-stack.ts';
import { IngestStack } from '../lib/infra/ingest-stack.ts';
import { SsoStack } from '../lib/infra/sso-stack.ts';
import { stageSettings } from '../lib/infra/stage-settings.ts';
import { WatchStack } from '../lib/infra/watch-stack.ts';

const app = new App();
const settings = stageSettings(app.node.tryGetContext('stage'), process.env['CDK_DEFAULT_ACCOUNT']);
const name = (stack: string) => `rollcall-${settings.stage}-${stack}`;

const foundation = new FoundationStack(app, name('foundation'), settings);
const ingest = new IngestStack(app, name('ingest'), settings, foundation);
const sso = new SsoStack(app, name('sso'), settings, foundation);
new WatchStack(app, name('watch'), settings, { foundation, ingest, sso });

acknowledgeNist(
  app,
  'IAMNoInlinePolicy',
  'Each role has the rights of one function or one kind of people, so its policy lives and ends with it; none is shared.',
);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new NIST80053R4Checks(app), new NIST80053R5Checks(app));
