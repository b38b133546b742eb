/** Bytes of a line that are looked at: enough for any honest verdict, small enough to cost nothing. */
const MAX_SAMPLE_BYTES = 64 * 1024;

/** What Windows-1252 text has above 0x7F beside letters: quotes, dashes, no-break space, inverted marks, ordinals. */
const WINDOWS_1252_MARKS = new Set([
  0x85, 0x91, 0x92, 0x93, 0x94, 0x96, 0x97, 0xa0, 0xa1, 0xaa, 0xb0, 0xb7, 0xba, 0xbf,
]);

/**
 * The encoding that a line looks like which is not UTF-8 (R7): a hint for the person who exports it, never used for
 * reading. Undefined rather than a guess that is as likely wrong as right: GBK, EUC, Mac Roman and DOS code pages are
 * not told apart.
 */
export const guessEncoding = (line: Uint8Array): string | undefined => {
  const sample = line.subarray(0, MAX_SAMPLE_BYTES);
  if (looksLikeUtf16(sample)) return 'utf-16 without a byte order mark';
  if (looksLikeShiftJis(sample)) return 'shift_jis';
  if (looksLikeWindows1252(sample)) return 'windows-1252';
  return undefined;
};

/** CSV in UTF-16 is mostly ASCII characters, so nearly every second byte is zero, and always the same second one. */
const looksLikeUtf16 = (sample: Uint8Array): boolean => {
  let even = 0;
  let odd = 0;
  for (let i = 0; i < sample.length; i += 1) {
    if (sample[i] !== 0) continue;
    if (i % 2 === 0) even += 1;
    else odd += 1;
  }
  const [less, more] = even < odd ? [even, odd] : [odd, even];
  return more >= 4 && more > sample.length / 4 && less <= more / 20;
};

/** Every byte fits Shift_JIS, and somewhere two double-byte characters follow each other, as in any Japanese name. */
const looksLikeShiftJis = (sample: Uint8Array): boolean => {
  let neighbours = 0;
  let pairBefore = false;
  for (let i = 0; i < sample.length; i += 1) {
    const byte = sample[i] ?? 0;
    const halfWidthKana = byte >= 0xa1 && byte <= 0xdf;
    if (byte < 0x80 || halfWidthKana) {
      pairBefore = false;
      continue;
    }
    const lead = (byte >= 0x81 && byte <= 0x9f) || (byte >= 0xe0 && byte <= 0xfc);
    const trail = sample[i + 1] ?? 0;
    if (!lead || trail < 0x40 || trail === 0x7f || trail > 0xfc) return false;
    if (pairBefore) neighbours += 1;
    pairBefore = true;
    i += 1;
  }
  return neighbours > 0;
};

/** Every high byte is an accented letter or a typographic mark, at most two in a row, next to an ASCII letter. */
const looksLikeWindows1252 = (sample: Uint8Array): boolean => {
  let runStart = -1;
  let seen = false;
  for (let i = 0; i <= sample.length; i += 1) {
    const byte = sample[i] ?? 0;
    if (byte >= 0x80) {
      const letter = byte >= 0xc0 && byte !== 0xd7 && byte !== 0xf7;
      if (!letter && !WINDOWS_1252_MARKS.has(byte)) return false;
      if (runStart < 0) runStart = i;
      seen = true;
    } else if (runStart >= 0) {
      const besideLetter = isAsciiLetter(byte) || isAsciiLetter(sample[runStart - 1] ?? 0);
      if (i - runStart > 2 || !besideLetter) return false;
      runStart = -1;
    }
  }
  return seen;
};

const isAsciiLetter = (byte: number): boolean => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
