import type { Command } from 'commander';
import { CommandError } from './output.ts';

/** Options of commands that work on a deployed stage alone. */
export interface StageOptions {
  readonly stage?: string;
  readonly local?: true;
}

/** Adds them. `--local` is taken too, so that whoever gives it hears why it is not needed. */
export const stageOptions = (command: Command): Command =>
  command
    .option('--stage <name>', 'a deployed stage, with the rights of your AWS credentials')
    .option('--local', 'says why the stack on this machine does not need it');

/** The stage that is meant. `ofLocal`: why the local stack needs no such command. */
export function demandStage({ stage, local }: StageOptions, ofLocal: string): string {
  if (local) throw new CommandError('only-stages', ofLocal, 'For a deployed stage: --stage NAME.');
  if (stage !== undefined) return stage;
  throw new CommandError('no-target', 'Which stage is meant?', 'Say --stage NAME.');
}
