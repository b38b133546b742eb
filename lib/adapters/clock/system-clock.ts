import { randomInt, randomUUID } from 'node:crypto';
import type { Clock, Ids } from '../../ports/clock.ts';

/** The computer's clock. */
export const systemClock: Clock = { now: () => new Date() };

/** 20261123T184700123Z: an ISO time that may stand in keys and sorts as text. */
const compactTime = (iso: string): string => iso.replaceAll(/[-:.]/g, '');

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
const RANDOM_LENGTH = 6;

/**
 * Ids such as `d-20261123T184700123Z-k3f9x2`. Two of one millisecond sort either way, and are the same once in
 * 36⁶ = 2·10⁹.
 */
export function createIds(clock: Clock): Ids {
  const random = () => Array.from({ length: RANDOM_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return {
    next: (prefix) => `${prefix}-${compactTime(clock.now().toISOString())}-${random()}`,
    deliveryOf: (lastModified, fileId) => `d-${compactTime(new Date(lastModified).toISOString())}-${fileId}`,
    productId: () => randomUUID(),
  };
}
