/** The day of an instant in a time zone (IANA name), `YYYY-MM-DD`. Throws a `RangeError` for an unknown zone. */
export function localDate(at: Date, timeZone: string): string {
  // The Swedish way to write a date is the one of ISO 8601.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
}
