import type { IncomingMessage } from 'node:http';

/** The whole body of a request; null where it is longer than `maxBytes` (the rest is read and dropped). */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes <= maxBytes) pieces.push(piece);
  }
  return bytes > maxBytes ? null : Buffer.concat(pieces);
}

/** A form as browsers and curl send it. Longer than 16 KB: empty. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  return new URLSearchParams((await readBody(request, 16_384))?.toString('utf8') ?? '');
}
