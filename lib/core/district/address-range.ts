/** An address as a number, with the number of bits of its family. */
interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** Dotted quad, decimal, no leading zeros (some readers take those as octal). */
function parseIpv4(text: string): bigint | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  let value = 0n;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return null;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':'));

/** RFC 4291 §2.2: eight groups, one `::` for zeros, a dotted quad allowed as the last two. */
function parseIpv6(text: string): bigint | null {
  const lastColon = text.lastIndexOf(':');
  if (lastColon < 0) return null;
  const quad = text.includes('.') ? parseIpv4(text.slice(lastColon + 1)) : undefined;
  if (quad === null) return null;
  const plain =
    quad === undefined
      ? text
      : `${text.slice(0, lastColon + 1)}${(quad >> 16n).toString(16)}:${(quad & 0xffffn).toString(16)}`;
  const halves = plain.split('::');
  if (halves.length > 2) return null;
  const head = groupsOf(halves[0] ?? '');
  const tail = groupsOf(halves[1] ?? '');
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

const MAPPED_PREFIX = 0xffffn;

/** Null for anything that is not an address. An IPv4-mapped IPv6 address (`::ffff:192.0.2.1`) is the IPv4 address. */
function parseAddress(text: string): Address | null {
  const v4 = parseIpv4(text);
  if (v4 !== null) return { bits: 32, value: v4 };
  const v6 = parseIpv6(text);
  if (v6 === null) return null;
  return v6 >> 32n === MAPPED_PREFIX ? { bits: 32, value: v6 & 0xffffffffn } : { bits: 128, value: v6 };
}

/** An address and how many of its first bits count. */
interface AddressRange extends Address {
  readonly prefixLength: number;
}

/** `203.0.113.0/24`, `2001:db8::/32` or a single address; null where it is none of these. */
function parseRange(cidr: string): AddressRange | null {
  const [base = '', length, ...rest] = cidr.split('/');
  const address = parseAddress(base);
  if (!address || rest.length > 0) return null;
  if (length === undefined) return { ...address, prefixLength: address.bits };
  // `::ffff:192.0.2.0/120` counts the 96 bits in front that parseAddress dropped.
  const dropped = address.bits === 32 && base.includes(':') ? 96 : 0;
  const prefixLength = /^\d{1,3}$/.test(length) ? Number(length) - dropped : -1;
  return prefixLength >= 0 && prefixLength <= address.bits ? { ...address, prefixLength } : null;
}

/** Whether the text is an address range that `isAddressAllowed` understands. */
export const isAddressRange = (cidr: string): boolean => parseRange(cidr) !== null;

/**
 * Whether an address is in one of the ranges. No ranges at all: everyone is. A range that cannot be read matches nobody
 * (so a typing error locks a district out, it never lets the world in), and an address that cannot be read is in no range.
 */
export function isAddressAllowed(address: string, cidrs: readonly string[]): boolean {
  if (cidrs.length === 0) return true;
  const asked = parseAddress(address);
  if (!asked) return false;
  return cidrs.some((cidr) => {
    const range = parseRange(cidr);
    if (!range || range.bits !== asked.bits) return false;
    const ignored = BigInt(range.bits - range.prefixLength);
    return asked.value >> ignored === range.value >> ignored;
  });
}
