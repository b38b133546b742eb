/** Seeds of two hashes that make 64 bits together. */
export const SEED_LOW = 0x811c9dc5;
export const SEED_HIGH = 0x3c6ef372;

/** 32 bits over UTF-16 code units: FNV-1a with a final mix, so that sums of hashes of like texts do not cancel out. */
export function hashText(text: string, seed: number): number {
  let h = seed;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
