import type { HttpEvent, HttpResult } from '../../lib/contracts/sign-on-http.ts';
import { refuse } from '../../lib/flows/sso/deny.ts';
import type { Answer } from '../../lib/flows/sso/exchange.ts';
import type { SsoPorts } from '../../lib/flows/sso/sso-ports.ts';
import { SIGN_ON_STYLE } from '../../lib/pages/sign-on-frame.ts';
import { httpAnswer, problem } from './http-answer.ts';
import { readRequest } from './read-request.ts';
import { ROUTES, type Route } from './routes.ts';
import { wireSso } from './wire.ts';

/** The function over given adapters: what the local stack runs. Never logs the event: it holds codes and tokens (R22). */
export function makeSsoHandler(ports: SsoPorts): (event: HttpEvent) => Promise<HttpResult> {
  // CSP hashes are plain base64.
  const styleHash = `${ports.chance.hash(SIGN_ON_STYLE).replaceAll('-', '+').replaceAll('_', '/')}=`;
  return async (event) => {
    const startedAt = ports.clock.now().getTime();
    const route = Object.hasOwn(ROUTES, event.rawPath) ? ROUTES[event.rawPath] : undefined;
    if (!route) return problem(404, 'not-found');
    const { method } = event.requestContext.http;
    const flow = Object.hasOwn(route.methods, method) ? route.methods[method] : undefined;
    if (!flow) return problem(405, 'method-not-allowed', { allow: Object.keys(route.methods).join(', ') });
    const { accept = '' } = event.headers;
    const wantsJson = accept.includes('application/json') && !accept.includes('text/html');
    const render = (answer: Answer): HttpResult => {
      const { kind, facts = {} } = answer;
      const denied = kind === 'denied' ? { code: answer.code, reference: answer.reference } : {};
      const milliseconds = ports.clock.now().getTime() - startedAt;
      ports.logger.info('sso', { route: event.rawPath, outcome: kind, milliseconds, ...facts, ...denied });
      return httpAnswer(answer, { wantsJson, styleHash });
    };
    const request = readRequest(event);
    if (!('status' in request))
      return render(await run(() => flow(ports, request)).catch((thrown: unknown) => failed(ports, route, thrown)));
    const { status, code } = request;
    if (route.audience === 'program' || wantsJson) return problem(status, code);
    return { ...render(refuse(ports, 'bad-request', { detail: code })), statusCode: status };
  };
}

/** Some flows answer at once; what they throw is caught like the rest. */
const run = async (flow: () => Answer | Promise<Answer>): Promise<Answer> => flow();

/** A defect or a failure of ours: said as such, with nothing of what was thrown. */
function failed(ports: SsoPorts, { audience }: Route, thrown: unknown): Answer {
  ports.logger.error('sso', thrown);
  if (audience === 'browser') return refuse(ports, 'internal');
  return { kind: 'json', status: 500, body: { error: 'server_error', error_description: 'try again later' } };
}

let wired: ReturnType<typeof makeSsoHandler> | undefined;

/** Lambda entry. */
export const handler = (event: HttpEvent): Promise<HttpResult> => {
  wired ??= makeSsoHandler(wireSso(process.env));
  return wired(event);
};
