/** The bytes that the CSV grammar and the checks before it look at, by name. */
export const LINE_FEED = 0x0a;
export const CARRIAGE_RETURN = 0x0d;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const NUL = 0x00;

/** A byte that occurs nowhere in UTF-8: stands for what could not be decoded, so that the UTF-8 check finds it. */
export const NEVER_UTF8 = 0xff;
