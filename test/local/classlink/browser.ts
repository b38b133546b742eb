/** What a browser does: keeps cookies by path, goes where it is sent, and stops at an address of another server. */
export class Browser {
  readonly #port: number;
  readonly #cookies = new Map<string, { readonly value: string; readonly path: string }>();

  constructor(port: number) {
    this.#port = port;
  }

  /** One request, redirects not followed. */
  async send(path: string, form?: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
    const url = new URL(path, `http://localhost:${this.#port}`);
    const cookie = [...this.#cookies]
      .filter(([, { path: scope }]) => url.pathname.startsWith(scope))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
    const response = await fetch(`http://127.0.0.1:${this.#port}${url.pathname}${url.search}`, {
      redirect: 'manual',
      headers: { ...headers, ...(cookie === '' ? {} : { cookie }) },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const each of response.headers.getSetCookie()) this.#keep(each);
    return response;
  }

  /** Follows redirects until one leads away, and answers that address; or the page where it stops. */
  async follow(path: string): Promise<URL | Response> {
    let next = new URL(path, `http://localhost:${this.#port}`);
    for (let hop = 0; hop < 10; hop++) {
      const response = await this.send(next.pathname + next.search);
      const location = response.headers.get('location');
      if (location === null) return response;
      next = new URL(location, next);
      if (next.port !== String(this.#port)) return next;
    }
    throw new Error('too many redirects');
  }

  #keep(cookie: string): void {
    const [pair = '', ...attributes] = cookie.split(/; */);
    const [name = '', value = ''] = pair.split('=');
    const attribute = (wanted: string) =>
      attributes.find((each) => each.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
    const isOver = attribute('max-age') === '0' || Date.parse(attribute('expires') ?? '') <= Date.now();
    if (isOver) this.#cookies.delete(name);
    else this.#cookies.set(name, { value, path: attribute('path') ?? '/' });
  }
}
