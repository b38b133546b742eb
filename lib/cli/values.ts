import { InvalidArgumentError } from 'commander';

/** Reads an option as a whole number of at least `least`. */
export const wholeNumber =
  (option: string, least: number, most: number = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`;
    throw new InvalidArgumentError(`${option} takes a whole number, ${range}.`);
  };
