import type { DistrictSettings } from '../../lib/core/district/settings.ts';
import { DISTRICT, FlowWorld } from '../flows/flow-world.ts';
import { type Ending, type Packaging, zipped } from './fault.ts';
import { type Roster, rosterOf } from './roster.ts';
import type { Files } from './tables.ts';

const DAY_SECONDS = 86_400;

/** A district whose first export is applied, and whose nights follow each other. */
export class Bench {
  readonly world: FlowWorld;
  readonly packaging: Packaging;
  readonly base: Files;
  /** The table after the first export. */
  readonly good: Roster;

  private constructor(world: FlowWorld, packaging: Packaging, base: Files, good: Roster) {
    this.world = world;
    this.packaging = packaging;
    this.base = base;
    this.good = good;
  }

  static async open(packaging: Packaging, base: Files, settings: Partial<DistrictSettings> = {}): Promise<Bench> {
    const world = await FlowWorld.open({ storeDemographics: true, ...settings });
    const first = new Bench(world, packaging, base, new Map());
    const ending = await first.night(() => first.put(base));
    if (ending !== 'applied') throw new Error(`the good export of the corpus is ${ending}`);
    return new Bench(world, packaging, base, first.roster());
  }

  roster(): Roster {
    return rosterOf(this.world.store, DISTRICT);
  }

  /** Uploads files together, as a zip or loose. */
  async put(files: Files, packaging: Packaging = this.packaging): Promise<void> {
    await this.world.send(packaging === 'zip' ? { 'export.zip': zipped(files) } : files);
  }

  /**
   * Lets a day pass, then something is uploaded, and all that follows of it happens. Returns what became of the delivery
   * that was whole last.
   */
  async night(upload: () => Promise<void>): Promise<Ending> {
    this.world.clock.advanceSeconds(DAY_SECONDS);
    const before = new Set((await this.world.deliveries()).map(({ deliveryId }) => deliveryId));
    await upload();
    await this.world.run();
    const [newest] = (await this.world.deliveries())
      .filter(({ deliveryId }) => !before.has(deliveryId))
      .toSorted((a, b) => ((a.receivedAt ?? '') > (b.receivedAt ?? '') ? -1 : 1));
    if (newest === undefined || newest.state === 'receiving' || newest.state === 'incomplete') return 'incomplete';
    if (newest.state === 'superseded') return 'superseded';
    return newest.syncId === null ? 'failed' : this.#endingOf(newest.syncId);
  }

  /** A person approves the export that is held. */
  async approve(): Promise<Ending> {
    const [syncId = ''] = (await this.world.log.state(DISTRICT)).heldSyncIds.slice(-1);
    await this.world.command({ name: 'approve', syncId, scope: 'as-shown', why: null, newerSeen: null });
    await this.world.run();
    return this.#endingOf(syncId);
  }

  async #endingOf(syncId: string): Promise<Ending> {
    const sync = await this.world.log.get(DISTRICT, syncId);
    switch (sync?.state) {
      case 'checked':
        return 'unchanged';
      case 'held':
      case 'rejected':
      case 'incomplete':
      case 'unchanged':
      case 'applied':
      case 'superseded':
        return sync.state;
      default:
        return 'failed';
    }
  }

  /** How many deliveries the district has had: lists grow slow. */
  async age(): Promise<number> {
    return (await this.world.deliveries()).length;
  }
}
