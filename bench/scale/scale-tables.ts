import type { HopTimes } from '../cost/measured.ts';
import { hopTimes } from '../cost/measured.ts';
import { markdownTable, shown } from '../cost/page-tables.ts';
import { nightWith } from './nights.ts';
import { launchesPerSecond, morningQuotas, nightQuotas, type QuotaLine } from './quotas.ts';
import { HOPS, type Night, simulate } from './simulate.ts';

/** The tables of docs/scale.md, from the settings of `prod`, the simulation and what was counted. */
export function scaleTables(): Record<string, string> {
  return {
    'night-quotas': quotaTable(nightQuotas()),
    'morning-quotas': quotaTable(morningQuotas()),
    simulated: simulatedTable(),
    times: timesTable(),
    launches: `Launches a second at 08:00: **${shown(launchesPerSecond())}**.`,
  };
}

function quotaTable(lines: readonly QuotaLine[]): string {
  const rows = lines.map(({ hop, asked, allowed, unit, arithmetic, source, lift }) => {
    const share = Number.isFinite(allowed)
      ? `${shown((100 * asked) / allowed, asked / allowed < 0.1 ? 1 : 0)} %`
      : 'none';
    const limit = Number.isFinite(allowed) ? shown(allowed) : 'none';
    return [hop, `${shown(asked, asked < 10 ? 1 : 0)} ${unit}`, limit, share, arithmetic, source, lift];
  });
  return markdownTable(['hop', 'asked', 'allowed', 'used', 'arithmetic', 'source', 'what lifts it'], rows);
}

/** Every time so many times as long. */
function slower(times: HopTimes, factor: number): HopTimes {
  const scaled = ({ fixed, each }: HopTimes['plan']) => ({ fixed: fixed * factor, each: each * factor });
  const { receive, plan, applyRead, applyWrite } = times;
  return { receive: scaled(receive), plan: scaled(plan), applyRead: scaled(applyRead), applyWrite: scaled(applyWrite) };
}

function simulatedTable(): string {
  const five = { times: slower(hopTimes(), 5) };
  const cases: readonly (readonly [string, Night])[] = [
    ['dev, as it is', nightWith('dev')],
    ['prod, as it is', nightWith('prod')],
    ['prod, uploads within 1 min', nightWith('prod', undefined, { spreadMinutes: 1 })],
    ['… 60 workers a hop', nightWith('prod', 60, { spreadMinutes: 1 })],
    ['… 200 workers a hop', nightWith('prod', 200, { spreadMinutes: 1 })],
    ['prod, times × 5', nightWith('prod', undefined, five)],
    ['… 60 workers a hop', nightWith('prod', 60, five)],
    ['prod, everyone for the first time', nightWith('prod', undefined, { first: true })],
  ];
  const rows = cases.map(([name, night]) => {
    const { p50, p95, max, utilisation, peakReadUnits, peakWriteUnits } = simulate(night);
    const times = [p50, p95, max].map((seconds) => shown(seconds / 60, 1));
    const used = HOPS.map((hop) => `${shown(100 * utilisation[hop])} %`);
    return [name, ...times, ...used, shown(peakReadUnits), shown(peakWriteUnits)];
  });
  return markdownTable(
    ['night', 'p50, min', 'p95', 'max', ...HOPS.map((hop) => `${hop} busy`), 'peak RRU/s', 'peak WRU/s'],
    rows,
  );
}

function timesTable(): string {
  const { receive, plan, applyRead, applyWrite } = hopTimes();
  const named = { receive, plan, 'apply: reading for the proof': applyRead, 'apply: each record written': applyWrite };
  const rows = Object.entries(named).map(([name, { fixed, each }]) => [name, shown(fixed, 2), shown(each * 1e6, 1)]);
  return markdownTable(['hop', 'fixed, s', 'each record, µs'], rows);
}
