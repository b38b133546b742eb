import { randomUUID } from 'node:crypto';
import { invalidValue, SqsError } from './errors.ts';
import type { Operation } from './operation.ts';
import { optionalInteger, optionalText, requiredText } from './parameters.ts';
import type { Queue } from './queue.ts';

/** A finished move: here a move is done when its request is answered. */
interface MoveTask {
  readonly TaskHandle: string;
  readonly Status: 'COMPLETED' | 'FAILED';
  readonly SourceArn: string;
  readonly DestinationArn: string | undefined;
  readonly ApproximateNumberOfMessagesMoved: number;
  readonly ApproximateNumberOfMessagesToMove: number;
  readonly FailureReason: string | undefined;
  readonly StartedTimestamp: number;
}

/** The moves since the server started, newest first. */
export class MoveTasks {
  readonly #tasks: MoveTask[] = [];

  add(task: MoveTask): void {
    this.#tasks.unshift(task);
  }

  of(sourceArn: string, max: number): readonly MoveTask[] {
    return this.#tasks.filter((task) => task.SourceArn === sourceArn).slice(0, max);
  }
}

/** Moves what is visible; a moved message is a new one: new id, new time, received zero times. */
function moveAll(source: Queue, now: number, destinationOf: (sourceArn: string | undefined) => Queue | undefined) {
  let moved = 0;
  try {
    source.drain((message) => {
      const { deadLetterSource, firstReceivedAt: _, ...rest } = message;
      const destination = destinationOf(deadLetterSource);
      if (!destination) throw new SqsError('ResourceNotFoundException', 'CouldNotDetermineMessageSource');
      destination.accept({ ...rest, id: randomUUID(), sentAt: now, delayedUntil: now, receiveCount: 0 });
      moved += 1;
    });
    return { moved, failure: undefined };
  } catch (error) {
    if (!(error instanceof SqsError)) throw error;
    return { moved, failure: error.message };
  }
}

const startMessageMoveTask: Operation = (parameters, { registry, tasks, clock }) => {
  const sourceArn = requiredText(parameters, 'SourceArn');
  const destinationArn = optionalText(parameters, 'DestinationArn');
  optionalInteger(parameters, 'MaxNumberOfMessagesPerSecond', { min: 1, max: 500 });
  const source = registry.findByArn(sourceArn);
  const destination = destinationArn === undefined ? undefined : registry.findByArn(destinationArn);
  if (!source || (destinationArn !== undefined && !destination)) {
    throw new SqsError(
      'ResourceNotFoundException',
      'The resource that you specified for the SourceArn or DestinationArn does not exist.',
    );
  }
  if (destination === source) throw invalidValue('DestinationArn', sourceArn, 'It is the source.');
  if (registry.sourcesOf(source).length === 0) {
    throw invalidValue('SourceArn', sourceArn, 'Source queue must be configured as a Dead Letter Queue.');
  }
  const now = clock.now().getTime();
  const { moved, failure } = moveAll(source, now, (arn) => destination ?? (arn ? registry.findByArn(arn) : undefined));
  const TaskHandle = Buffer.from(randomUUID()).toString('base64');
  tasks.add({
    TaskHandle,
    Status: failure === undefined ? 'COMPLETED' : 'FAILED',
    SourceArn: sourceArn,
    DestinationArn: destinationArn,
    ApproximateNumberOfMessagesMoved: moved,
    ApproximateNumberOfMessagesToMove: moved + (failure === undefined ? 0 : source.counts().visible),
    FailureReason: failure,
    StartedTimestamp: now,
  });
  return { TaskHandle };
};

const listMessageMoveTasks: Operation = (parameters, { registry, tasks }) => {
  const sourceArn = requiredText(parameters, 'SourceArn');
  if (!registry.findByArn(sourceArn))
    throw new SqsError('ResourceNotFoundException', 'The source queue does not exist.');
  const max = optionalInteger(parameters, 'MaxResults', { min: 1, max: 10 }) ?? 1;
  // Only a running task can be cancelled, and so only a running one tells its handle.
  return { Results: tasks.of(sourceArn, max).map(({ TaskHandle: _, ...task }) => task) };
};

/** The actions of a dead-letter queue redrive, by their name in `X-Amz-Target`. */
export const moveOperations: Readonly<Record<string, Operation>> = {
  StartMessageMoveTask: startMessageMoveTask,
  ListMessageMoveTasks: listMessageMoveTasks,
};
