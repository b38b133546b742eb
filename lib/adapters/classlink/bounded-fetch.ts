/** What a call to ClassLink ended with: an answer of whatever status (`json` null where it is none), or why there is none. */
export type FetchedJson =
  | { readonly ok: true; readonly status: number; readonly json: unknown }
  | { readonly ok: false; readonly why: 'timeout' | 'connection' | 'too-large' | 'not-json' };

/** One call may take so long, retry included (design §5). Milliseconds. */
export const CALL_MILLIS = 5_000;

/** Answers of ClassLink have 1 to 4 KB. Bytes. */
const MAX_BYTES = 64 * 1024;

/** ClassLink's firewall refuses some default agents, so every call says who we are (facts/classlink.md §1.1). */
export const USER_AGENT = 'Rollcall-SignOn/1.0';

/**
 * Calls an address of the stage's settings and reads a bounded JSON answer. Redirects are not followed: a secret would
 * go along. A connection that fails is tried once more, within the same time; an answer, or silence, never is.
 */
export async function fetchJson(url: string, init: RequestInit, millis: number = CALL_MILLIS): Promise<FetchedJson> {
  const signal = AbortSignal.timeout(millis);
  const headers = { accept: 'application/json', 'user-agent': USER_AGENT, ...init.headers };
  const call = () => fetch(url, { ...init, headers, signal, redirect: 'manual' });
  try {
    const answer = await call().catch((error: unknown) => {
      if (signal.aborted) throw error;
      return call();
    });
    const text = await readBounded(answer);
    if (text === null) return { ok: false, why: 'too-large' };
    // An error may come with a page instead of JSON: its status says enough.
    return { ok: true, status: answer.status, json: answer.ok ? JSON.parse(text) : jsonOrNull(text) };
  } catch (error) {
    if (signal.aborted) return { ok: false, why: 'timeout' };
    return { ok: false, why: error instanceof SyntaxError ? 'not-json' : 'connection' };
  }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The body as text; null where it is longer than any real one. */
async function readBounded(answer: Response): Promise<string | null> {
  if (Number(answer.headers.get('content-length') ?? 0) > MAX_BYTES) {
    await answer.body?.cancel();
    return null;
  }
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  const reader = answer.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    bytes += part.value.byteLength;
    if (bytes > MAX_BYTES) {
      await reader?.cancel();
      return null;
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}
