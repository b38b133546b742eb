import type { MemoryStore } from '../../lib/adapters/memory/memory-store.ts';
import type { CommandMessage } from '../../lib/contracts/messages.ts';
import type { Command } from '../../lib/core/sync/command.ts';
import { NEW_DISTRICT_STATE } from '../../lib/core/sync/new-district.ts';
import type { DistrictState, Sync } from '../../lib/core/sync/sync.ts';
import { Chance } from './chance.ts';

/** A moment at which a person looks at a district and decides. */
export interface PersonAct {
  readonly name: string;
  readonly districtId: string;
  readonly atMillis: number;
  /** What the decision is drawn from, once it is known what there is to decide. */
  readonly seed: number;
  /** The answer got lost: the same command is sent again so much later, milliseconds. */
  readonly againMillis: readonly number[];
}

/** Draws when the person of a district looks. */
export function drawActs(districtId: string, chance: Chance, untilMillis: number): PersonAct[] {
  const count = chance.pick([0, 2, 4, 8]);
  return Array.from({ length: count }, (_, number): PersonAct => {
    const again = () => chance.pick([100, 5_000, 120_000, 3_600_000]);
    return {
      name: `${districtId}/person-${number}`,
      districtId,
      atMillis: chance.integer(0, untilMillis),
      seed: chance.integer(0, 1_000_000_000),
      againMillis: chance.happens(0.25) ? (chance.happens(0.3) ? [again(), again()] : [again()]) : [],
    };
  });
}

/** What a person does who sees the district as it is now. Not always what is sensible. */
export function decide(act: PersonAct, store: MemoryStore, now: Date): CommandMessage {
  return new Decision(act, store).message(now);
}

class Decision {
  readonly #act: PersonAct;
  readonly #store: MemoryStore;
  readonly #chance: Chance;
  readonly #state: DistrictState;
  readonly #syncs: readonly Sync[];

  constructor(act: PersonAct, store: MemoryStore) {
    this.#act = act;
    this.#store = store;
    this.#chance = new Chance(act.seed);
    this.#state = store.states.get(act.districtId) ?? NEW_DISTRICT_STATE;
    this.#syncs = [...store.syncs.of(act.districtId).values()];
  }

  message(now: Date): CommandMessage {
    const { name, districtId } = this.#act;
    const wrong = this.#chance.happens(0.02);
    const commandId = `c-${now.toISOString().replaceAll(/[-:.]/g, '')}-${name.replace('/', '-')}`;
    return {
      type: 'command',
      districtId: wrong ? 'nowhere' : districtId,
      commandId,
      command: this.#command(),
      who: 'person',
      attempt: 0,
    };
  }

  #command(): Command {
    const chance = this.#chance;
    if (this.#state.syncPaused && chance.happens(0.6)) return { name: 'resume' };
    if (this.#state.heldSyncIds.length > 0 && chance.happens(0.75)) {
      return chance.happens(0.75) ? this.#approve() : this.#reject();
    }
    const kind = chance.pick([
      'approve',
      'reject',
      'undo',
      'undo',
      'undo',
      'rekey',
      'rekey',
      'pause',
      'resume',
    ] as const);
    switch (kind) {
      case 'approve':
        return this.#approve();
      case 'reject':
        return this.#reject();
      case 'undo':
        return this.#undo();
      case 'rekey':
        return this.#rekey();
      default:
        return { name: kind };
    }
  }

  #approve(): Command {
    const chance = this.#chance;
    const syncId = this.#heldSync();
    const [newest] = [...this.#store.deliveries.of(this.#act.districtId).values()]
      .filter(({ order, folder }) => order !== '' && folder === '')
      .sort((a, b) => (a.order > b.order ? -1 : 1));
    const pairs = this.#store.syncs.of(this.#act.districtId).get(syncId)?.pairs ?? 0;
    return {
      name: 'approve',
      syncId,
      scope: chance.pick(
        pairs > 0
          ? ['as-rekey', 'as-rekey', 'as-shown', 'all-but-removals']
          : ['as-shown', 'as-shown', 'all-but-removals', 'as-rekey'],
      ),
      why: null,
      newerSeen: chance.happens(0.7) ? (newest?.deliveryId ?? null) : null,
    };
  }

  #reject(): Command {
    return { name: 'reject', syncId: this.#heldSync(), why: 'because' };
  }

  /** Mostly one that waits; sometimes any, one of another district, or none at all. */
  #heldSync(): string {
    const chance = this.#chance;
    const { heldSyncIds } = this.#state;
    if (heldSyncIds.length > 0 && chance.happens(0.9)) return chance.pick(heldSyncIds);
    return this.#anySync();
  }

  #anySync(): string {
    const all = [...this.#store.syncIndex.keys()].sort();
    return all.length === 0 ? 's-none' : this.#chance.pick(all);
  }

  #undo(): Command {
    const chance = this.#chance;
    const applied = this.#syncs
      .filter(({ state }) => state === 'applied')
      .map(({ syncId }) => syncId)
      .sort();
    const syncId =
      applied.length > 0 && chance.happens(0.9)
        ? chance.happens(0.6)
          ? applied.at(-1)!
          : chance.pick(applied)
        : this.#anySync();
    const scope = chance.pick(['all', 'all', 'school', 'user'] as const);
    return {
      name: 'undo',
      dryRun: chance.happens(0.1),
      undo: {
        syncId,
        onlySchool: scope === 'school' ? chance.pick(['o1', 'o2', 'O2']) : null,
        user: scope === 'user' ? chance.pick(['u1', 'u2', 'u1~1', 'u5']) : null,
        force: chance.happens(0.3),
      },
    };
  }

  #rekey(): Command {
    const chance = this.#chance;
    const users = [...this.#store.synced(this.#act.districtId, 'user')];
    const any = ['u1', 'u2', 'U2', 'u5', 'u1~1', 'nobody'];
    const gone = users.filter(([, { status }]) => status === 'inactive').map(([id]) => id);
    const here = users.filter(([, { status }]) => status === 'active').map(([id]) => id);
    return {
      name: 'rekey',
      from: gone.length > 0 && chance.happens(0.9) ? chance.pick(gone) : chance.pick(any),
      to: here.length > 0 && chance.happens(0.9) ? chance.pick(here) : chance.pick(any),
    };
  }
}
