import { Journal } from './journal.ts';
import type { Message } from './message.ts';

/** A change of a queue's messages, as the journal keeps it. */
export type Change =
  | { readonly op: 'send'; readonly message: Message }
  | { readonly op: 'receive'; readonly id: string; readonly receiveCount: number; readonly firstReceivedAt: number }
  | { readonly op: 'delete'; readonly id: string }
  | { readonly op: 'purge' };

/** A message and where it is in its life. */
export interface Entry {
  message: Message;
  /** Hidden before this time: delayed, or in flight. Milliseconds since 1970. */
  visibleAt: number;
  /** Hidden because it was received. Not kept over a restart: what was in flight is visible again at once. */
  inFlight: boolean;
}

/** The messages of one queue in the order of their arrival: in memory, and in a journal from which memory is made. */
export class MessageLog {
  readonly #entries = new Map<string, Entry>();
  readonly #journal: Journal<Change>;
  readonly #onSent: (message: Message) => void;

  /** `onSent` is told every message that the journal knows, deleted ones too (unless it was rewritten since). */
  constructor(path: string, onSent: (message: Message) => void) {
    const { journal, entries } = Journal.open<Change>(path);
    this.#journal = journal;
    this.#onSent = onSent;
    for (const change of entries) this.#apply(change);
  }

  /** Safe to delete from while it runs. */
  entries(): IterableIterator<Entry> {
    return this.#entries.values();
  }

  find(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  /** Writes a change down, then makes it. */
  record(change: Change): void {
    this.#journal.append(change);
    this.#apply(change);
    if (!this.#journal.isLong) return;
    this.#journal.rewrite([...this.entries()].map(({ message }) => ({ op: 'send', message })));
  }

  close(): void {
    this.#journal.close();
  }

  #apply(change: Change): void {
    switch (change.op) {
      case 'send': {
        const { message } = change;
        this.#entries.set(message.id, { message, visibleAt: message.delayedUntil, inFlight: false });
        this.#onSent(message);
        break;
      }
      case 'receive': {
        const entry = this.#entries.get(change.id);
        const { receiveCount, firstReceivedAt } = change;
        if (entry) entry.message = { ...entry.message, receiveCount, firstReceivedAt };
        break;
      }
      case 'delete':
        this.#entries.delete(change.id);
        break;
      case 'purge':
        this.#entries.clear();
        break;
    }
  }
}
