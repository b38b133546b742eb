import type { LimitOverrides, Limits } from './limit-settings.ts';

/**
 * Windows of days with limits of their own, such as the weeks of the yearly roll-over (R11). Both days included, in the
 * district's own calendar, `YYYY-MM-DD`.
 */
export type RollOver = readonly {
  readonly from: string;
  readonly to: string;
  readonly limits: LimitOverrides;
}[];

/** A district's limits on a day of its calendar, `YYYY-MM-DD`. Of windows that share a day the first one counts. */
export function limitsOn(settings: { readonly limits: Limits; readonly rollOver: RollOver }, today: string): Limits {
  const window = settings.rollOver.find(({ from, to }) => from <= today && today <= to);
  return window === undefined ? settings.limits : overridden(settings.limits, window.limits);
}

function overridden(limits: Limits, over: LimitOverrides): Limits {
  const removals = { ...limits.removals, ...given(over.removals) };
  return {
    removals: { ...removals, floors: { ...limits.removals.floors, ...given(over.removals?.floors) } },
    schoolRemovals: { ...limits.schoolRemovals, ...given(over.schoolRemovals) },
    updates: { ...limits.updates, ...given(over.updates) },
    invalidRows: { ...limits.invalidRows, ...given(over.invalidRows) },
    rowDrop: { ...limits.rowDrop, ...given(over.rowDrop) },
    losesAll: over.losesAll === undefined ? limits.losesAll : over.losesAll,
    rekeyPairs: over.rekeyPairs ?? limits.rekeyPairs,
  };
}

/** An override that is there; zod's optional keys may be there and undefined. */
function given<T extends object>(over: T | undefined): Partial<Defined<T>> {
  const entries = Object.entries(over ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<Defined<T>>;
}

type Defined<T> = { [K in keyof T]-?: Exclude<T[K], undefined> };
