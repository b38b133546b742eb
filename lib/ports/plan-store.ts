import type { Change } from '../core/plan/change.ts';
import type { PlanSection } from '../core/plan/sections.ts';

/** Where the changes of a plan go while it is made. One file a section, so that they come in any order of sections. */
export interface PlanWriter {
  write(section: PlanSection, changes: readonly Change[]): Promise<void>;
  /** Stores all sections; after this the plan can be read. */
  end(): Promise<void>;
  /** Drops what was written. */
  abandon(): Promise<void>;
}

/** Plans as JSON lines, gzip (design §4). The first line of a section names the columns of its records. */
export interface PlanStore {
  /** `prefix` comes from `planPrefix`. */
  writer(prefix: string): PlanWriter;
  /** Lets the days of a plan that is to be applied begin anew: so long can its sync be undone (R14). */
  renew(prefix: string): Promise<void>;
  /** The changes of a section from the `offset`-th on, in batches; nothing where the section has none. */
  readSection(prefix: string, section: PlanSection, offset: number): AsyncIterable<readonly Change[]>;
}
