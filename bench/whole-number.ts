/** The argument at a place of the command line, a whole number from 1 on; ends with exit code 2 where it is none. */
export function wholeNumber(at: number, otherwise: number): number {
  const given = process.argv[at] ?? String(otherwise);
  if (/^[1-9]\d{0,8}$/.test(given)) return Number(given);
  console.error(`${given} is not a whole number from 1 on. --help says what is taken.`);
  process.exit(2);
}
