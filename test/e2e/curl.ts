import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from './rollcall-process.ts';

const run = promisify(execFile);

/** What curl got in the end, after all redirects. */
export interface Fetched {
  readonly status: number;
  /** Where it ended. */
  readonly url: string;
  readonly body: string;
}

/** One cookie jar: what a browser is to curl. */
export interface Curl {
  /** Follows redirects and keeps cookies, asks for JSON. */
  get(url: string): Promise<Fetched>;
  /** Where the answer sends the browser; it does not go there. */
  locationOf(url: string): Promise<string>;
  /** Redirects are not followed. */
  post(url: string, form: Readonly<Record<string, string>>): Promise<Fetched>;
}

/** A new jar. */
export function openCurl(): Curl {
  const jar = join(temporaryFolder(), `${randomUUID()}.cookies`);
  const call = async (args: readonly string[], address = '%{url_effective}'): Promise<Fetched> => {
    const common = ['-sS', '--max-time', '60', '-b', jar, '-c', jar, '-w', `\n%{http_code} ${address}`];
    const { stdout } = await run('curl', [...common, ...args]);
    const last = stdout.lastIndexOf('\n');
    const [status = '', url = ''] = stdout.slice(last + 1).split(' ');
    return { status: Number(status), url, body: stdout.slice(0, last) };
  };
  return {
    get: (url) => call(['-L', '--max-redirs', '20', '-H', 'Accept: application/json', url]),
    locationOf: async (url) => (await call([url], '%{redirect_url}')).url,
    post: (url, form) => call([...Object.entries(form).flatMap((field) => ['--data-urlencode', field.join('=')]), url]),
  };
}

/** Signs in to LaunchPad and clicks the icon; answers what the browser ends up with. */
export async function launchWithCurl(
  launchpad: string,
  user: string,
  tenant: string,
  curl = openCurl(),
): Promise<Fetched> {
  const signedIn = await curl.post(`${launchpad}/sign-in`, { user, tenant });
  if (signedIn.status !== 303) throw new Error(`sign-in: ${signedIn.status} ${signedIn.body}`);
  return curl.get(`${launchpad}/tile`);
}
