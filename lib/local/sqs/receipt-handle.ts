import { SqsError } from './errors.ts';

/**
 * What a receipt handle says: which receive of which message of which queue. It needs no table, so it stays good over a
 * restart for as long as the message was not received again.
 */
export interface Receipt {
  readonly queue: string;
  readonly id: string;
  readonly receiveCount: number;
}

const FORMAT = /^rollcall:([\w-]{1,80}(?:\.fifo)?):([0-9a-f-]{36}):(\d+)$/;

export const writeReceiptHandle = ({ queue, id, receiveCount }: Receipt): string =>
  Buffer.from(`rollcall:${queue}:${id}:${receiveCount}`).toString('base64');

/** Throws `ReceiptHandleIsInvalid`, also for another queue's handle. */
export function readReceiptHandle(handle: string, queueName: string): Receipt {
  const match = FORMAT.exec(Buffer.from(handle, 'base64').toString('latin1'));
  const [, queue = '', id = '', receiveCount = ''] = match ?? [];
  if (match && queue === queueName) return { queue, id, receiveCount: Number(receiveCount) };
  throw new SqsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);
}
