/** Making one costs far more than using it; there are a few hundred zones. */
const calendars = new Map<string, Intl.DateTimeFormat>();

function calendarOf(timeZone: string): Intl.DateTimeFormat {
  const known = calendars.get(timeZone);
  if (known !== undefined) return known;
  // The Swedish way to write a date is the one of ISO 8601.
  const calendar = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  calendars.set(timeZone, calendar);
  return calendar;
}

/** The day of an instant in a time zone (IANA name), `YYYY-MM-DD`. Throws a `RangeError` for an unknown zone. */
export const localDate = (at: Date, timeZone: string): string => calendarOf(timeZone).format(at);
