import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../ports/clock.ts';
import { invalidValue, SqsError } from './errors.ts';
import { Queue } from './queue.ts';
import { checkQueueAttributes, type QueueAttributes, readRedrivePolicy, withDefaults } from './queue-attributes.ts';

const QUEUE_NAME = /^(?:[\w-]{1,80}|[\w-]{1,75}\.fifo)$/;

/** Whose queues they are. */
export interface Owner {
  readonly region: string;
  readonly accountId: string;
}

/** All queues of a data directory, loaded when it is opened; a folder each. */
export class QueueRegistry {
  readonly owner: Owner;
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #queues = new Map<string, Queue>();

  constructor(directory: string, owner: Owner, clock: Clock) {
    this.owner = owner;
    this.#directory = directory;
    this.#clock = clock;
    mkdirSync(directory, { recursive: true });
    for (const name of readdirSync(directory)) {
      if (existsSync(join(directory, name, 'queue.json'))) this.#open(name);
      else if (QUEUE_NAME.test(name)) rmSync(join(directory, name), { recursive: true, force: true });
    }
  }

  list(): readonly Queue[] {
    return [...this.#queues.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  /** Throws `QueueDoesNotExist`. */
  byName(name: string): Queue {
    const queue = this.#queues.get(name);
    if (!queue) throw new SqsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return queue;
  }

  /** The last part of the URL is what counts: ports change from one start to the next. */
  byUrl(url: string): Queue {
    return this.byName(url.slice(url.lastIndexOf('/') + 1));
  }

  findByArn(arn: string): Queue | undefined {
    return this.list().find((queue) => queue.arn === arn);
  }

  /** The queues whose dead letters go to this one. */
  sourcesOf(queue: Queue): readonly Queue[] {
    return this.list().filter(
      ({ settings }) => readRedrivePolicy(settings.attributes)?.deadLetterTargetArn === queue.arn,
    );
  }

  /** Makes a queue, or gives back the one that has the same attributes. Throws `QueueNameExists`. */
  create(name: string, attributes: QueueAttributes, tags: Readonly<Record<string, string>>): Queue {
    const isFifo = name.endsWith('.fifo');
    if (!QUEUE_NAME.test(name) || isFifo !== (attributes['FifoQueue'] === 'true')) {
      const reason = 'Up to 80 letters, digits, hyphens, underscores; ends in .fifo if and only if FifoQueue is true.';
      throw invalidValue('QueueName', name, reason);
    }
    this.check(attributes, isFifo);
    const existing = this.#queues.get(name);
    if (existing) {
      const present = withDefaults(existing.settings.attributes);
      const different = Object.keys(attributes).find((attribute) => present[attribute] !== attributes[attribute]);
      if (different === undefined) return existing;
      throw new SqsError('QueueNameExists', `A queue of this name exists with another value of ${different}.`);
    }
    const now = this.#clock.now().getTime();
    Queue.create(join(this.#directory, name), { attributes, tags, createdAt: now, modifiedAt: now });
    return this.#open(name);
  }

  /** Throws `InvalidAttributeName`, `InvalidAttributeValue`, `InvalidParameterValue` (dead-letter queue missing). */
  check(attributes: QueueAttributes, isFifo: boolean): void {
    checkQueueAttributes(attributes, isFifo);
    const target = readRedrivePolicy(attributes)?.deadLetterTargetArn;
    if (target === undefined) return;
    const queue = this.findByArn(target);
    if (!queue) throw invalidValue('RedrivePolicy', target, 'Dead letter target does not exist.');
    if (queue.isFifo !== isFifo) throw invalidValue('RedrivePolicy', target, 'Dead letter target of another type.');
  }

  delete(queue: Queue): void {
    rmSync(join(this.#directory, queue.name, 'queue.json'));
    queue.close();
    rmSync(join(this.#directory, queue.name), { recursive: true, force: true });
    this.#queues.delete(queue.name);
  }

  close(): void {
    for (const queue of this.#queues.values()) queue.close();
  }

  #open(name: string): Queue {
    const arn = `arn:aws:sqs:${this.owner.region}:${this.owner.accountId}:${name}`;
    const queue = new Queue(join(this.#directory, name), { name, arn }, this.#clock, (target, message) => {
      // First into the other queue, then out of this one: a crash between makes two of it, never none.
      return this.findByArn(target)?.accept(message) !== undefined;
    });
    this.#queues.set(name, queue);
    return queue;
  }
}
