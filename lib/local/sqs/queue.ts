import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../ports/clock.ts';
import { writeAtomically } from '../atomic-file.ts';
import { Bell } from './bell.ts';
import { invalidValue, SqsError } from './errors.ts';
import { type Deduplicated, DeduplicationWindow } from './fifo.ts';
import type { Message } from './message.ts';
import { type Entry, MessageLog } from './message-log.ts';
import { numberAttribute, type QueueAttributes, readRedrivePolicy } from './queue-attributes.ts';
import type { Receipt } from './receipt-handle.ts';

/** What `queue.json` holds. Times in milliseconds since 1970. */
export interface QueueSettings {
  readonly attributes: QueueAttributes;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** A message to send; the queue gives it id, times and counts. */
export type Draft = Pick<Message, 'body' | 'attributes' | 'systemAttributes' | 'groupId' | 'deduplicationId'>;

/** Takes over a message that was received too often; false where its dead-letter queue does not exist. */
export type DeadLetterSink = (targetArn: string, message: Message) => boolean;

/**
 * One queue: its settings in `queue.json`, its messages in `messages.jsonl`. A message is *delayed* until its delay is
 * over, then *visible* until it is received, then *in flight* until it is deleted (gone) or its visibility timeout ends
 * (visible again); received `maxReceiveCount` times and asked for once more, it goes to the dead-letter queue. After the
 * retention time it is gone from any state.
 */
export class Queue {
  readonly name: string;
  readonly arn: string;
  /** Rings when something may have become receivable. */
  readonly bell = new Bell();
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #toDeadLetter: DeadLetterSink;
  readonly #log: MessageLog;
  readonly #recent = new DeduplicationWindow();
  #settings: QueueSettings;
  #lastSequence = 0;

  constructor(directory: string, identity: { name: string; arn: string }, clock: Clock, toDeadLetter: DeadLetterSink) {
    this.name = identity.name;
    this.arn = identity.arn;
    this.#directory = directory;
    this.#clock = clock;
    this.#toDeadLetter = toDeadLetter;
    this.#settings = JSON.parse(readFileSync(join(directory, 'queue.json'), 'utf8'));
    this.#log = new MessageLog(join(directory, 'messages.jsonl'), (message) => {
      if (message.deduplicationId) this.#recent.add(this.#settings.attributes, message);
      this.#lastSequence = Math.max(this.#lastSequence, Number(message.sequenceNumber ?? 0));
    });
  }

  /** Makes the folder of a new queue; `queue.json` is what makes it one. */
  static create(directory: string, settings: QueueSettings): void {
    mkdirSync(directory, { recursive: true });
    writeAtomically(join(directory, 'queue.json'), JSON.stringify(settings));
  }

  get settings(): QueueSettings {
    return this.#settings;
  }

  set settings(settings: QueueSettings) {
    writeAtomically(join(this.#directory, 'queue.json'), JSON.stringify(settings));
    this.#settings = settings;
  }

  get isFifo(): boolean {
    return this.name.endsWith('.fifo');
  }

  number(attribute: string): number {
    return numberAttribute(this.#settings.attributes, attribute);
  }

  /** Sends; on a FIFO queue a deduplication id of the last five minutes gives back the earlier message. */
  send(draft: Draft, delaySeconds = this.number('DelaySeconds')): Deduplicated {
    const now = this.#now();
    const message = {
      ...draft,
      id: randomUUID(),
      sentAt: now,
      delayedUntil: now + delaySeconds * 1000,
      receiveCount: 0,
    };
    const earlier = this.isFifo ? this.#recent.find(this.#settings.attributes, message) : undefined;
    return earlier ?? this.accept(message);
  }

  /** Takes a message as it is, at the end of the queue (a dead letter keeps its id, times and counts). */
  accept(message: Message): Message {
    const accepted = this.isFifo ? { ...message, sequenceNumber: this.#nextSequence() } : message;
    this.#log.record({ op: 'send', message: accepted });
    this.bell.ring();
    return accepted;
  }

  /** Receives up to `max` messages and hides them. Exhausted ones go to the dead-letter queue instead. */
  receive(max: number, visibilitySeconds = this.number('VisibilityTimeout')): readonly Message[] {
    this.#expire();
    const now = this.#now();
    const policy = readRedrivePolicy(this.#settings.attributes);
    const lockedGroups = this.isFifo ? this.#hiddenGroups(now) : new Set<string>();
    const received: Message[] = [];
    for (const entry of this.#log.entries()) {
      if (received.length >= max) break;
      const { message } = entry;
      if (entry.visibleAt > now || (this.isFifo && lockedGroups.has(message.groupId ?? ''))) continue;
      const exhausted = policy !== undefined && message.receiveCount >= policy.maxReceiveCount;
      if (exhausted && this.#toDeadLetter(policy.deadLetterTargetArn, { ...message, deadLetterSource: this.arn })) {
        this.#log.record({ op: 'delete', id: message.id });
        continue;
      }
      const { id, receiveCount, firstReceivedAt = now } = message;
      this.#log.record({ op: 'receive', id, receiveCount: receiveCount + 1, firstReceivedAt });
      entry.visibleAt = now + visibilitySeconds * 1000;
      entry.inFlight = true;
      received.push(entry.message);
    }
    return received;
  }

  /**
   * Deletes what this receipt received. A receipt that is not the message's latest deletes nothing and succeeds on a
   * standard queue; a FIFO queue refuses it, and one whose visibility timeout has ended (`InvalidParameterValue`).
   */
  delete(receipt: Receipt): void {
    const entry = this.#log.find(receipt.id);
    if (!entry) return;
    const isLatest = entry.message.receiveCount === receipt.receiveCount;
    if (this.isFifo && !(isLatest && this.#isInFlight(entry))) {
      throw invalidValue('ReceiptHandle', 'given', 'The receipt handle has expired.');
    }
    if (!isLatest) return;
    this.#log.record({ op: 'delete', id: receipt.id });
    this.bell.ring();
  }

  /** Hides a received message for so long from now on. Throws `InvalidParameterValue`, `MessageNotInflight`. */
  changeVisibility(receipt: Receipt, seconds: number): void {
    const entry = this.#log.find(receipt.id);
    if (entry?.message.receiveCount !== receipt.receiveCount) {
      throw invalidValue('ReceiptHandle', 'given', 'Message does not exist or is not available for this change.');
    }
    if (!this.#isInFlight(entry)) throw new SqsError('MessageNotInflight', 'The message referred to is not in flight.');
    entry.visibleAt = this.#now() + seconds * 1000;
    this.bell.ring();
  }

  purge(): void {
    this.#log.record({ op: 'purge' });
  }

  /** Hands over all visible messages; each is removed when `take` has returned, and stays when it throws. */
  drain(take: (message: Message) => void): void {
    this.#expire();
    const now = this.#now();
    for (const { message, visibleAt } of this.#log.entries()) {
      if (visibleAt > now) continue;
      take(message);
      this.#log.record({ op: 'delete', id: message.id });
    }
  }

  counts(): { visible: number; inFlight: number; delayed: number } {
    this.#expire();
    const now = this.#now();
    const counts = { visible: 0, inFlight: 0, delayed: 0 };
    for (const { visibleAt, inFlight } of this.#log.entries()) {
      counts[visibleAt <= now ? 'visible' : inFlight ? 'inFlight' : 'delayed'] += 1;
    }
    return counts;
  }

  /** Milliseconds until the next hidden message becomes visible; Infinity where none is hidden. */
  millisecondsToNext(): number {
    const now = this.#now();
    let next = Number.POSITIVE_INFINITY;
    for (const { visibleAt } of this.#log.entries()) if (visibleAt > now) next = Math.min(next, visibleAt - now);
    return next;
  }

  close(): void {
    this.#log.close();
  }

  #now(): number {
    return this.#clock.now().getTime();
  }

  #isInFlight(entry: Entry): boolean {
    return entry.inFlight && entry.visibleAt > this.#now();
  }

  /** Order within a group: nothing of it is delivered while something of it is hidden. */
  #hiddenGroups(now: number): Set<string> {
    const hidden = [...this.#log.entries()].filter((entry) => entry.visibleAt > now);
    return new Set(hidden.map((entry) => entry.message.groupId ?? ''));
  }

  #expire(): void {
    const oldest = this.#now() - this.number('MessageRetentionPeriod') * 1000;
    for (const { message } of this.#log.entries()) {
      if (message.sentAt < oldest) this.#log.record({ op: 'delete', id: message.id });
    }
  }

  #nextSequence(): string {
    this.#lastSequence = Math.max(this.#lastSequence + 1, this.#now() * 1000);
    return String(this.#lastSequence).padStart(20, '0');
  }
}
