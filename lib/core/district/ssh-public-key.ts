/** A public key as one line of OpenSSH, without its comment (which often is a person's address). */
export interface SshPublicKey {
  readonly line: string;
  readonly type: string;
  /** As OpenSSH counts them; WinSCP says 255 for Ed25519. */
  readonly bits: number;
}

/** What Transfer Family takes, with the bits that the type fixes; an RSA key says its own. */
const TYPES: Readonly<Record<string, number | null>> = {
  'ssh-ed25519': 256,
  'ecdsa-sha2-nistp256': 256,
  'ecdsa-sha2-nistp384': 384,
  'ecdsa-sha2-nistp521': 521,
  'ssh-rsa': null,
};

/** Shorter RSA keys are refused (NIST SP 800-131A). Bits. */
const LEAST_RSA_BITS = 2048;

/** Public keys that one login may have (Transfer Family quota). */
export const MAX_PUBLIC_KEYS = 50;

/** Reads one line as `ssh-keygen` writes it to a `.pub` file. A text instead of a key says what is wrong. */
export function readSshPublicKey(text: string): SshPublicKey | string {
  if (text.includes('PRIVATE KEY')) return 'is a private key: keep it, and give the .pub file beside it';
  if (text.startsWith('---- BEGIN SSH2')) return "is in another format: convert it with 'ssh-keygen -i -f FILE'";
  const [type = '', body = ''] = text.trim().split(/\s+/);
  if (!Object.hasOwn(TYPES, type)) return `is no public key of these types: ${Object.keys(TYPES).join(', ')}`;
  const blob = bytesOf(body);
  const described = blob && describeSshBlob(blob);
  if (!described || described.type !== type) return 'is damaged: a part of the key is missing or was changed';
  if (type === 'ssh-rsa' && described.bits < LEAST_RSA_BITS) {
    return `is too short: ${described.bits} bits of RSA, at least ${LEAST_RSA_BITS} are needed`;
  }
  return { line: `${type} ${body}`, ...described };
}

/** The key itself, out of a line that `readSshPublicKey` has read. */
export function sshBlobOf(line: string): Uint8Array {
  const blob = bytesOf(line.split(' ')[1] ?? '');
  if (!blob) throw new Error('not a public key line');
  return blob;
}

/** Type and bits of a public key in SSH's wire format (RFC 4253 §6.6); null for what is none. */
export function describeSshBlob(blob: Uint8Array): { readonly type: string; readonly bits: number } | null {
  const fields = fieldsOf(blob);
  if (!fields || fields.length < 2) return null;
  const type = String.fromCharCode(...fields[0]!);
  if (!Object.hasOwn(TYPES, type)) return null;
  const bits = TYPES[type] ?? bitsOf(fields[2]);
  const isWhole = type === 'ssh-ed25519' ? fields.length === 2 && fields[1]!.length === 32 : fields.length === 3;
  return bits !== null && isWhole ? { type, bits } : null;
}

/** Strings with their length in front (RFC 4251 §5). */
function fieldsOf(blob: Uint8Array): Uint8Array[] | null {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const fields: Uint8Array[] = [];
  for (let at = 0; at < blob.length; ) {
    const end = at + 4 <= blob.length ? at + 4 + view.getUint32(at) : Number.POSITIVE_INFINITY;
    if (end > blob.length) return null;
    fields.push(blob.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

/** Bits of an mpint, without the zero byte that keeps it positive. */
function bitsOf(mpint: Uint8Array | undefined): number | null {
  const digits = mpint?.subarray(mpint[0] === 0 ? 1 : 0);
  return digits?.[0] === undefined ? null : digits.length * 8 - (Math.clz32(digits[0]) - 24);
}

function bytesOf(base64: string): Uint8Array | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return null;
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
