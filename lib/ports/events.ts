import type { RollcallEvent } from '../contracts/events.ts';

/** Where events go that people or other systems wait for. */
export interface Events {
  emit(event: RollcallEvent): Promise<void>;
}
