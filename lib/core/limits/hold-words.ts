/** The most decimals of a percentage. */
const MAX_DECIMALS = 4;

/** A count as people read it: 4102 is '4,102'. */
export const grouped = (count: number): string => count.toLocaleString('en-US');

/** A count and its noun: '1 class', '2,000 classes'. */
export const counted = (count: number, [one, many]: Noun): string => `${grouped(count)} ${count === 1 ? one : many}`;

/** A noun, singular and plural. */
export type Noun = readonly [one: string, many: string];

/** A share of up to four decimals, as holds carry it. */
export const roundedShare = (share: number): number => Math.round(share * 1e4) / 1e4;

/**
 * '96 %; the limit is 50 %'. With as many decimals as it takes to see that the share is beyond the limit, and that
 * neither all nor none is meant where it is not.
 */
export function shareBeyond(share: number, limit: number): string {
  const asked = percent(limit, MAX_DECIMALS);
  for (let decimals = 0; ; decimals++) {
    const text = percent(share, decimals);
    const value = Number(text);
    const told = value !== Number(asked) && (value === 100) === (share === 1) && (value === 0) === (share === 0);
    if (told || decimals === MAX_DECIMALS) return `${text} %; the limit is ${asked} %`;
  }
}

/** A share as percent, without trailing zeros: 0.125 is '12.5'. */
export const percent = (share: number, decimals: number): string => String(Number((share * 100).toFixed(decimals)));
