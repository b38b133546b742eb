/**
 * The canonical text of a record: its sourcedId and the values of its stored columns (`storedColumnsOf(kind)`, in
 * that order), joined by U+001F. Cells with control characters are refused when rows are read, so the separator never
 * occurs inside a value, and two records are equal field by field exactly when their lines are equal (R1).
 * Values are canonical strings: blank is '', booleans are 'true' and 'false', lists are joined by ',' without blanks.
 */
export const FIELD_SEPARATOR = '\u001f';

/** Joins a sourcedId and its values to a record line. */
export const joinLine = (sourcedId: string, values: readonly string[]): string =>
  `${sourcedId}${FIELD_SEPARATOR}${values.join(FIELD_SEPARATOR)}`;

/** The sourcedId of a record line. */
export const idOfLine = (line: string): string => line.slice(0, line.indexOf(FIELD_SEPARATOR));

/** The values of a record line, aligned with `storedColumnsOf(kind)`. */
export const valuesOfLine = (line: string): string[] => line.split(FIELD_SEPARATOR).slice(1);

/**
 * One value of a record line, by its place in `storedColumnsOf(kind)`; '' where the line has fewer. Looks for
 * separators up to there instead of splitting the line: for readers that need one or two cells of millions of lines.
 */
export function valueAt(line: string, index: number): string {
  let start = line.indexOf(FIELD_SEPARATOR) + 1;
  for (let i = 0; i < index && start > 0; i++) start = line.indexOf(FIELD_SEPARATOR, start) + 1;
  if (start === 0) return '';
  const end = line.indexOf(FIELD_SEPARATOR, start);
  return end < 0 ? line.slice(start) : line.slice(start, end);
}
