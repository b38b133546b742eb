import type { RollcallEvent } from '../../contracts/events.ts';
import type { Events } from '../../ports/events.ts';

/** Events as a list, in the order in which they were emitted. */
export class MemoryEvents implements Events {
  readonly emitted: RollcallEvent[] = [];

  async emit(event: RollcallEvent): Promise<void> {
    this.emitted.push(event);
  }
}
