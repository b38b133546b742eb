/**
 * The two CRCs that node:zlib does not have. Both are "reflected" CRCs: bits enter at the low end, the register starts
 * and ends inverted. A 64-bit register is kept as two 32-bit halves, because BigInt is a hundred times slower.
 */

/** CRC-32C (Castagnoli), polynomial 0x1EDC6F41, reflected. */
const CRC32C_POLYNOMIAL = 0x82f63b78;
/** CRC-64/NVME, polynomial 0xAD93D23594C93659, reflected. */
const CRC64_POLYNOMIAL = { high: 0x9a6c9329, low: 0xac4bc9b5 };

const crc32cTable = new Uint32Array(256);
const crc64High = new Uint32Array(256);
const crc64Low = new Uint32Array(256);

for (let byte = 0; byte < 256; byte++) {
  let short = byte;
  let high = 0;
  let low = byte;
  for (let bit = 0; bit < 8; bit++) {
    short = (short >>> 1) ^ (short & 1 ? CRC32C_POLYNOMIAL : 0);
    const carry = low & 1;
    low = ((low >>> 1) | (high << 31)) ^ (carry ? CRC64_POLYNOMIAL.low : 0);
    high = (high >>> 1) ^ (carry ? CRC64_POLYNOMIAL.high : 0);
  }
  crc32cTable[byte] = short;
  crc64High[byte] = high;
  crc64Low[byte] = low;
}

/** CRC-32C of `bytes`, continuing from an earlier result. */
export function crc32c(bytes: Uint8Array, before = 0): number {
  let register = ~before;
  for (const byte of bytes) register = (register >>> 8) ^ (crc32cTable[(register ^ byte) & 255] ?? 0);
  return ~register >>> 0;
}

/** CRC-64/NVME of `bytes` as [high, low] words, continuing from an earlier result. */
export function crc64nvme(bytes: Uint8Array, before: readonly [number, number] = [0, 0]): [number, number] {
  let high = ~before[0];
  let low = ~before[1];
  for (const byte of bytes) {
    const index = (low ^ byte) & 255;
    low = ((low >>> 8) | (high << 24)) ^ (crc64Low[index] ?? 0);
    high = (high >>> 8) ^ (crc64High[index] ?? 0);
  }
  return [~high >>> 0, ~low >>> 0];
}
