import { stageSettings } from '../../lib/infra/stage-settings.ts';
import { hopTimes } from '../cost/measured.ts';
import { HOPS, type Hop, type Night } from './simulate.ts';

/** The night of docs/scale.md: everyone exports at 02:00. */
export const WORLD = { districts: 2_000, students: 15_000_000, spreadMinutes: 15, seed: 1 } as const;

/** The default of a district (lib/core/district/settings.ts). Seconds. */
const QUIET_SECONDS = 180;
/** An apply leaves the last minute of its time-out for what comes after its cursor. */
const RESERVE_SECONDS = 60;

/** A night with the workers of a stage, or so many of each kind. */
export function nightWith(stage: 'dev' | 'prod', workers?: number, changes: Partial<Night> = {}): Night {
  const { workers: settings } = stageSettings(stage);
  const of = (hop: Hop) => workers ?? settings[hop].concurrency;
  const [receive, plan, apply] = HOPS.map(of) as [number, number, number];
  return {
    ...WORLD,
    concurrency: { receive, plan, apply },
    quietSeconds: QUIET_SECONDS,
    sliceSeconds: settings.apply.timeoutSeconds - RESERVE_SECONDS,
    times: hopTimes(),
    first: false,
    twice: 0.02,
    ...changes,
  };
}
