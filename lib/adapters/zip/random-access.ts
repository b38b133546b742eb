/** Bytes that can be read from anywhere: a local file, or ranges of an S3 object of one version. */
export interface RandomAccess {
  /** Bytes in all. */
  readonly size: number;
  /**
   * The bytes from `start` up to `endExclusive`, both within the size. What it throws (the network, the disk) passes
   * through the zip reader unchanged; fewer bytes than asked for count as a broken archive.
   */
  read(start: number, endExclusive: number): AsyncIterable<Uint8Array>;
}

/** Collects a range in one buffer; shorter than asked for when the source ends early. */
export const readBytes = async (source: RandomAccess, start: number, endExclusive: number): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.read(start, endExclusive)) chunks.push(chunk);
  return Buffer.concat(chunks).subarray(0, endExclusive - start);
};
