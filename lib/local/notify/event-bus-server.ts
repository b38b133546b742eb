import { randomUUID } from 'node:crypto';
import { sendJson } from '../http/answers.ts';
import { openLoopback } from '../http/loopback-server.ts';
import { readBody } from '../http/read-body.ts';
import type { SmallServer } from './mail-server.ts';

/** An event as a rule of EventBridge hands it to its target (EventBridge: events reference). */
export interface DeliveredEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

/** How to run the bus. */
export interface EventBusOptions {
  readonly busName: string;
  /** The one rule's target: gets every event. */
  readonly target: (event: DeliveredEvent) => Promise<void>;
  readonly onError: (thrown: unknown) => void;
}

interface Entry {
  readonly EventBusName?: string;
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
}

const MAX_BYTES = 1_048_576;

/**
 * Stands in for a bus of EventBridge with one rule: PutEvents, and nothing else. An event is handed on before the call is
 * answered, and one that its target refuses is refused: then the sender tells it again.
 */
export async function startEventBus(options: EventBusOptions): Promise<SmallServer> {
  const server = await openLoopback({ port: 0, hosts: ['127.0.0.1'] });
  const handOn = async (entry: Entry) => {
    if (entry.EventBusName !== options.busName) return { ErrorCode: 'ResourceNotFoundException' };
    try {
      const event = delivered(entry);
      await options.target(event);
      return { EventId: event.id };
    } catch (thrown) {
      options.onError(thrown);
      return { ErrorCode: 'InternalFailure', ErrorMessage: 'The target did not take it.' };
    }
  };
  server.answer(async (request, response) => {
    const body = await readBody(request, MAX_BYTES);
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if (request.headers['x-amz-target'] !== 'AWSEvents.PutEvents' || body === null) {
      sendJson(response, 400, { __type: 'UnknownOperationException' });
      return;
    }
    const { Entries = [] } = JSON.parse(body.toString('utf8')) as { Entries?: readonly Entry[] };
    const results = await Promise.all(Entries.map(handOn));
    const FailedEntryCount = results.filter((each) => 'ErrorCode' in each).length;
    sendJson(response, 200, { FailedEntryCount, Entries: results });
  });
  return { endpoint: `http://127.0.0.1:${server.port}`, close: () => server.close() };
}

const delivered = ({ Source = '', DetailType = '', Detail = '' }: Entry): DeliveredEvent => ({
  version: '0',
  id: randomUUID(),
  'detail-type': DetailType,
  source: Source,
  account: '000000000000',
  time: `${new Date().toISOString().slice(0, 19)}Z`,
  region: 'us-east-1',
  resources: [],
  detail: JSON.parse(Detail),
});
