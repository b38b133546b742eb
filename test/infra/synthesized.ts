import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { FoundationStack } from '../../lib/infra/foundation-stack.ts';
import { IngestStack } from '../../lib/infra/ingest-stack.ts';
import { SsoStack } from '../../lib/infra/sso-stack.ts';
import { stageSettings } from '../../lib/infra/stage-settings.ts';
import { WatchStack } from '../../lib/infra/watch-stack.ts';

/** A resource of a template, as far as the tests look at it. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

const { context } = JSON.parse(readFileSync(join(import.meta.dirname, '../../cdk.json'), 'utf8')) as {
  context: Record<string, unknown>;
};

/** An app with the flags of cdk.json and no bundling: the templates are what is looked at here. */
export const newApp = (): App => new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });

const app = newApp();
/** The stage that the tests look at. */
export const settings = stageSettings('dev');
const foundationStack = new FoundationStack(app, 'foundation', settings);
const ingestStack = new IngestStack(app, 'ingest', settings, foundationStack);
const ssoStack = new SsoStack(app, 'sso', settings, foundationStack);
const watchStack = new WatchStack(app, 'watch', settings, {
  foundation: foundationStack,
  ingest: ingestStack,
  sso: ssoStack,
});

/** All stacks of one synth. */
export const stacks = { foundation: foundationStack, ingest: ingestStack, sso: ssoStack, watch: watchStack };
/** Their templates. */
export const foundation = Template.fromStack(foundationStack);
export const ingest = Template.fromStack(ingestStack);
export const sso = Template.fromStack(ssoStack);
export const watch = Template.fromStack(watchStack);

/** All resources of a type in all stacks, by logical id. */
export const resources = (type: string): readonly [string, TemplateResource][] =>
  [foundation, ingest, sso, watch].flatMap((template) => Object.entries(template.findResources(type))) as [
    string,
    TemplateResource,
  ][];
