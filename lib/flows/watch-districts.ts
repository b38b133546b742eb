import type { DistrictSettings } from '../core/district/settings.ts';
import type { WatchMemory } from '../ports/watch-log.ts';
import { demandTold } from './tell-untold.ts';
import { lookAtWaiting } from './waiting-deliveries.ts';
import { type DistrictGauge, gaugeDistrict } from './watch/gauge-district.ts';
import { lookForBlocked } from './watch/look-for-blocked.ts';
import { lookForHolds } from './watch/look-for-holds.ts';
import { lookForIncomplete } from './watch/look-for-incomplete.ts';
import { lookForLate } from './watch/look-for-late.ts';
import { lookForSameBytes } from './watch/look-for-same-bytes.ts';
import { lookForWeek } from './watch/look-for-week.ts';
import { reconsiderSets } from './watch/reconsider-sets.ts';
import { resumeStuck } from './watch/resume-stuck.ts';
import { tellOnce } from './watch/tell-once.ts';
import type { Look, Seen, WatchedDistrict, WatchPorts } from './watch/watched-district.ts';

/** Something that could not be looked at. The next watch tries again. */
export interface WatchFailure {
  readonly districtId: string;
  readonly thrown: unknown;
}

/** What a watch came to. */
export interface WatchOutcome {
  readonly districts: number;
  /** Sets that still wait for files: each is looked at again. */
  readonly openSets: number;
  /** Events that were told. */
  readonly told: number;
  readonly failures: readonly WatchFailure[];
  /** How each district is now; of one that could not be looked at there is none. */
  readonly gauges: ReadonlyMap<string, DistrictGauge>;
}

/** Districts that are looked at side by side: each is a handful of small reads, one after another. */
const AT_ONCE = 8;

/** First what needs doing, then what needs telling. */
const LOOKS: readonly Look[] = [
  resumeStuck,
  lookForIncomplete,
  lookForBlocked,
  lookForLate,
  lookForHolds,
  lookForSameBytes,
  lookForWeek,
];

/**
 * Looks after every district (design §4, watch): has open sets looked at again, resumes stuck work, and tells what
 * never became whole (R16), waits for what was not taken (R15), is late (R17), still held (R11) or always the same. Whatever fails is in the outcome and stops nothing else. Two watches at
 * the same time do no harm: each thing is told once.
 *
 * @param watcher names this very watch.
 */
export async function watchDistricts(ports: WatchPorts, watcher: string): Promise<WatchOutcome> {
  const all = await ports.districts.list();
  const gauges = new Map<string, DistrictGauge>();
  const outcome = { districts: all.length, openSets: 0, told: 0, failures: [] as WatchFailure[], gauges };
  const remaining = all.values();
  const work = async () => {
    for (const { settings } of remaining) {
      const watch = new DistrictWatch(ports, settings, watcher);
      await watch.run();
      outcome.openSets += watch.openSets;
      outcome.told += watch.told;
      outcome.failures.push(...watch.failures);
      if (watch.gauge !== null) gauges.set(settings.districtId, watch.gauge);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return outcome;
}

/** One district's turn. Each part of it fails by itself. */
class DistrictWatch {
  openSets = 0;
  told = 0;
  gauge: DistrictGauge | null = null;
  readonly failures: WatchFailure[] = [];
  readonly #ports: WatchPorts;
  readonly #settings: DistrictSettings;
  readonly #watcher: string;

  constructor(ports: WatchPorts, settings: DistrictSettings, watcher: string) {
    this.#ports = ports;
    this.#settings = settings;
    this.#watcher = watcher;
  }

  async run(): Promise<void> {
    const { districtId } = this.#settings;
    const district: WatchedDistrict = {
      settings: this.#settings,
      now: this.#ports.clock.now(),
      waiting: once(() => lookAtWaiting(this.#ports, districtId)),
      openSets: once(() => this.#ports.ledger.openSets(districtId)),
    };
    await this.#attempt(async () => {
      this.openSets = await reconsiderSets(this.#ports, district);
    });
    const look = async (memory: WatchMemory): Promise<Seen> => {
      let seen: Seen = { memory, events: [] };
      for (const each of LOOKS) {
        await this.#attempt(async () => {
          const more = await each(this.#ports, district, seen.memory);
          seen = { memory: more.memory, events: [...seen.events, ...more.events] };
        });
      }
      return seen;
    };
    // What a worker could not tell of its sync before it ended.
    await this.#attempt(async () => {
      this.told += await demandTold(this.#ports, district.settings.districtId);
    });
    await this.#attempt(async () => {
      this.told += await tellOnce(this.#ports, this.#settings.districtId, this.#watcher, look);
    });
    await this.#attempt(async () => {
      const { memory } = await this.#ports.watchLog.read(this.#settings.districtId);
      this.gauge = await gaugeDistrict(this.#ports, district, memory);
    });
  }

  async #attempt(part: () => Promise<void>): Promise<void> {
    try {
      await part();
    } catch (thrown) {
      // What several looks read together fails once.
      if (this.failures.some((known) => known.thrown === thrown)) return;
      this.failures.push({ districtId: this.#settings.districtId, thrown });
    }
  }
}

/** The same answer for all who ask. */
function once<T>(read: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return () => {
    answer ??= read();
    return answer;
  };
}
