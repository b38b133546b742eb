import type { FindingCode } from './finding-codes.ts';

/** OneRoster GUID: fewer than 256 characters (CSV §3, data types). */
export const MAX_ID_LENGTH = 255;

const SCIENTIFIC = /^\d(?:[.,]\d+)?E\+\d+$/i;

/**
 * Why a text cannot be a sourcedId, or null. Ids are compared byte for byte with what ClassLink sends (R20), so nothing
 * is trimmed or folded; any other character is allowed, because real exporters use many (facts: ClassLink §3.3).
 */
export function idProblem(id: string): FindingCode | null {
  if (id === '') return 'id-missing';
  if (id.length > MAX_ID_LENGTH) return 'id-too-long';
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i);
    if (code < 0x20 || code === 0x7f) return 'id-control-character';
  }
  if (isBlank(id.charCodeAt(0)) || isBlank(id.charCodeAt(id.length - 1)))
    return id.trim() === '' ? 'id-missing' : 'id-blanks';
  return id.length > 4 && SCIENTIFIC.test(id) ? 'id-scientific' : null;
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0xa0 || code === 0xfeff || code === 0x3000;
