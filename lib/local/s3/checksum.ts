import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { crc32c, crc64nvme } from './crc.ts';
import { S3Error } from './errors.ts';

const ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;

/** The checksum algorithms of S3 that this server computes. */
export type ChecksumAlgorithm = (typeof ALGORITHMS)[number];

/** A stored checksum. COMPOSITE: the checksum of the parts' checksums, with `-<parts>` behind it. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** A running checksum. */
export interface Digest {
  update(bytes: Uint8Array): void;
  /** The result, base64 of the big-endian bytes. */
  base64(): string;
}

const bigEndian = (...words: readonly number[]): string => {
  const bytes = Buffer.alloc(words.length * 4);
  words.forEach((word, index) => {
    bytes.writeUInt32BE(word, index * 4);
  });
  return bytes.toString('base64');
};

function crcDigest<Register>(
  start: Register,
  next: (bytes: Uint8Array, before: Register) => Register,
  words: (register: Register) => readonly number[],
): Digest {
  let register = start;
  return {
    update: (bytes) => {
      register = next(bytes, register);
    },
    base64: () => bigEndian(...words(register)),
  };
}

/** Starts a checksum. */
export function newDigest(algorithm: ChecksumAlgorithm): Digest {
  switch (algorithm) {
    case 'CRC32':
      return crcDigest(0, crc32, (register) => [register]);
    case 'CRC32C':
      return crcDigest(0, crc32c, (register) => [register]);
    case 'CRC64NVME':
      return crcDigest<[number, number]>([0, 0], crc64nvme, (register) => register);
    case 'SHA1':
    case 'SHA256': {
      const hash = createHash(algorithm.toLowerCase());
      return { update: (bytes) => void hash.update(bytes), base64: () => hash.digest('base64') };
    }
  }
}

/** The header or trailer that carries a checksum. */
export const checksumHeader = (algorithm: ChecksumAlgorithm): string => `x-amz-checksum-${algorithm.toLowerCase()}`;

/** The element name that carries a checksum in XML (`ChecksumCRC32`). */
export const checksumElement = (algorithm: ChecksumAlgorithm): string => `Checksum${algorithm}`;

/** All algorithms, for answers and requests that may carry any of them. */
export const checksumAlgorithms: readonly ChecksumAlgorithm[] = ALGORITHMS;

/** Reads an algorithm's name; undefined for an absent one. Throws `InvalidRequest` for an unknown one. */
export function parseChecksumAlgorithm(name: string | undefined): ChecksumAlgorithm | undefined {
  if (name === undefined) return undefined;
  const algorithm = ALGORITHMS.find((known) => known === name.toUpperCase());
  if (!algorithm) throw new S3Error('InvalidRequest', `Checksum algorithm ${name} is not supported.`);
  return algorithm;
}
