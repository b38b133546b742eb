import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { FoundationStack } from '../../lib/infra/foundation-stack.ts';
import { IngestStack } from '../../lib/infra/ingest-stack.ts';
import { SsoStack } from '../../lib/infra/sso-stack.ts';
import { type StageSettings, stageSettings } from '../../lib/infra/stage-settings.ts';
import { WatchStack } from '../../lib/infra/watch-stack.ts';

/** A resource of a template, as far as the tests look at it. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

const { context } = JSON.parse(readFileSync(join(import.meta.dirname, '../../cdk.json'), 'utf8')) as {
  context: Record<string, unknown>;
};

/** An app with the flags of cdk.json and no bundling: the templates are what is looked at here. */
export const newApp = (): App => new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });

/** All stacks of a stage, as bin/app.ts makes them. */
export function makeStacks(settings: StageSettings) {
  const app = newApp();
  const foundation = new FoundationStack(app, 'foundation', settings);
  const ingest = new IngestStack(app, 'ingest', settings, foundation);
  const sso = new SsoStack(app, 'sso', settings, foundation);
  return { foundation, ingest, sso, watch: new WatchStack(app, 'watch', settings, { foundation, ingest, sso }) };
}

/** Resources of a type in templates, by logical id. */
export const resourcesIn = (templates: readonly Template[], type: string): readonly [string, TemplateResource][] =>
  templates.flatMap((template) => Object.entries(template.findResources(type))) as [string, TemplateResource][];

/** The stage that the tests look at. */
export const settings = stageSettings('dev');
/** All stacks of one synth. */
export const stacks = makeStacks(settings);
/** Their templates. */
export const foundation = Template.fromStack(stacks.foundation);
export const ingest = Template.fromStack(stacks.ingest);
export const sso = Template.fromStack(stacks.sso);
export const watch = Template.fromStack(stacks.watch);

/** All resources of a type in all stacks, by logical id. */
export const resources = (type: string): readonly [string, TemplateResource][] =>
  resourcesIn([foundation, ingest, sso, watch], type);
