import type { IncomingMessage, ServerResponse } from 'node:http';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type { ThrottleLimit } from '../../contracts/sign-on-routes.ts';
import { InvocationTimeout, invoke } from '../functions/lambda-context.ts';
import { type GatewayAnswer, gatewayMessage, readFunctionAnswer, sendAnswer } from './gateway-answer.ts';
import { gatewayEvent } from './gateway-event.ts';
import { readBody } from './read-body.ts';
import { createThrottle } from './throttle.ts';

/** One route of an HTTP API. */
export interface GatewayRoute {
  /** `GET`, `POST`, … */
  readonly method: string;
  /** Exact path. */
  readonly path: string;
  /** None: `DEFAULT_THROTTLE`, what an account has. */
  readonly throttle?: ThrottleLimit;
}

/** An HTTP API with one function behind all its routes. */
export interface GatewayOptions {
  readonly routes: readonly GatewayRoute[];
  readonly functionName: string;
  readonly handler: (event: APIGatewayProxyEventV2, context: Context) => unknown;
  /** When the API stops waiting. Default 30, the most that an HTTP API allows. */
  readonly timeoutSeconds?: number;
  /** Longest body, bytes. Default 10 MB, as an HTTP API has it. */
  readonly maxBodyBytes?: number;
  /** Told what the function threw; the caller only learns that it failed. */
  readonly onError: (error: unknown) => void;
}

/** Requests per second of an account in a Region, all its APIs together. */
const DEFAULT_THROTTLE: ThrottleLimit = { ratePerSecond: 10_000, burst: 5_000 };

/** Stands in for API Gateway's HTTP API with payload format 2.0. */
export function createGateway(options: GatewayOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const routes = new Map<string, (nowMillis: number) => boolean>();
  for (const { method, path, throttle = DEFAULT_THROTTLE } of options.routes) {
    routes.set(`${method} ${path}`, createThrottle(throttle));
  }
  return (request, response) => {
    const routeKey = `${request.method} ${(request.url ?? '/').split('?')[0]}`;
    void answerFor(request, routeKey, routes.get(routeKey), options).then(({ answer, requestId }) =>
      sendAnswer(response, answer, requestId),
    );
  };
}

async function answerFor(
  request: IncomingMessage,
  routeKey: string,
  mayGoOn: ((nowMillis: number) => boolean) | undefined,
  options: GatewayOptions,
): Promise<{ readonly answer: GatewayAnswer; readonly requestId: string }> {
  const own = (statusCode: number, message: string) => ({
    answer: gatewayMessage(statusCode, message),
    requestId: '-',
  });
  try {
    const body = await readBody(request, options.maxBodyBytes ?? 10 * 1024 * 1024);
    if (mayGoOn === undefined) return own(404, 'Not Found');
    if (!mayGoOn(performance.now())) return own(429, 'Too Many Requests');
    if (body === null) return own(413, 'Request Entity Too Large');
    const event = gatewayEvent(request, body, routeKey);
    return { answer: await call(event, options), requestId: event.requestContext.requestId };
  } catch {
    // The client went away in the middle of its request: there is nobody to answer.
    return own(400, 'Bad Request');
  }
}

async function call(event: APIGatewayProxyEventV2, options: GatewayOptions): Promise<GatewayAnswer> {
  const { functionName, timeoutSeconds = 30 } = options;
  try {
    const returned = await invoke(options.handler, event, { functionName, timeoutSeconds });
    const answer = readFunctionAnswer(returned);
    if (answer !== null) return answer;
    options.onError(new Error(`${functionName} returned what the gateway cannot send`));
  } catch (thrown) {
    options.onError(thrown);
    if (thrown instanceof InvocationTimeout) return gatewayMessage(503, 'Service Unavailable');
  }
  return gatewayMessage(500, 'Internal Server Error');
}
