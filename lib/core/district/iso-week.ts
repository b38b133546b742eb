import { addDays } from './local-time.ts';

/** A week of ISO 8601: its name, `2026-W48`, and its Monday, `YYYY-MM-DD`. */
export interface IsoWeek {
  readonly week: string;
  readonly monday: string;
}

/** The ISO week of a date (`YYYY-MM-DD`): weeks start on Monday, and a week belongs to the year of its Thursday. */
export function isoWeekOf(date: string): IsoWeek {
  const sinceMonday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
  const monday = addDays(date, -sinceMonday);
  const thursday = addDays(monday, 3);
  const year = thursday.slice(0, 4);
  const daysOfYear = (Date.parse(`${thursday}T00:00:00Z`) - Date.parse(`${year}-01-01T00:00:00Z`)) / 86_400_000;
  return { week: `${year}-W${String(Math.floor(daysOfYear / 7) + 1).padStart(2, '0')}`, monday };
}
