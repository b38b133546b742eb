import { FILE_OF_KIND, type RecordKind, type RosterFile } from '../core/oneroster/kinds.ts';
import type { ChangeCounts } from '../core/plan/change.ts';
import { dateText, offsetOfDay, twoDigits } from './calendar.ts';
import { type CellsOf, cellsOf } from './cells.ts';
import { churnClasses } from './churn-classes.ts';
import { churnStaff } from './churn-staff.ts';
import { churnStudents } from './churn-students.ts';
import type { District } from './district.ts';
import { foundDistrict } from './found-district.ts';
import { idsOf } from './ids.ts';
import type { Lives } from './lives.ts';
import { type DistrictOptions, settleOptions } from './options.ts';
import { mix, Random } from './random.ts';

/** The kinds in the order in which an export is written and counted. */
export const EXPORTED_KINDS = [
  'academicSession',
  'org',
  'course',
  'class',
  'user',
  'enrollment',
  'demographics',
] as const satisfies readonly RecordKind[];

/** The keys of `changes.json`, in its order. */
const COUNTED_KINDS = ['org', ...EXPORTED_KINDS.filter((each) => each !== 'org')] as const;

/** One file of one day. Rows are numbered from 0 and made when asked for. */
export interface DayFile {
  readonly kind: RecordKind;
  readonly rowCount: number;
  /** The cells in the order of `headerOf(kind)`; status and dateLastModified blank, as bulk files are. */
  cells(row: number): string[];
  /** What dateLastModified would say: stable while the record is, later when it changes. */
  lastModified(row: number): string;
}

/** One export of a district. Valid until the next day is asked for; its files throw after that. */
export interface Day {
  /** 1 is the first. */
  readonly number: number;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** The number that the district's seed stands for. */
  readonly seed: number;
  /** What a sync of this day does to a table that has applied the day before (day 1: to an empty one). */
  readonly changes: Readonly<Record<RosterFile, ChangeCounts>>;
  readonly files: readonly DayFile[];
}

/** Purposes of random sequences. Never renumber: the same seed must give the same district. */
const NIGHT = 51;
const MODIFIED_DRAW = 501;

/**
 * A district and its nightly exports, one `Day` after another; the same options always give the same rows.
 * A day of 270,000 students takes some 5 s to write (UUIDs, guardians and zip: 45 s) and 350 to 600 MB of memory. Throws DistrictOptionError at once, before the first day.
 */
export function generateDistrict(
  given: Partial<DistrictOptions> & Pick<DistrictOptions, 'students'>,
): Iterable<Day> & { readonly options: DistrictOptions } {
  const options = settleOptions(given);
  return { options, [Symbol.iterator]: () => daysOf(options) };
}

function* daysOf(options: DistrictOptions): Generator<Day, void> {
  const district = foundDistrict(options);
  const cells = cellsOf(district, idsOf(district));
  let today = 0;
  for (let day = 1; day <= options.days; day += 1) {
    if (day > 1) churnDistrict(district, day);
    today = day;
    const checkCurrent = () => {
      if (today !== day) throw new Error(`Day ${day} is over: read a day before asking for the next`);
    };
    yield {
      number: day,
      date: dateText(offsetOfDay(day)),
      seed: district.seed,
      changes: countChanges(district, day),
      files: EXPORTED_KINDS.map((kind) => fileOf(district, kind, cells[kind], checkCurrent)),
    };
    today = 0;
  }
}

/** One night. Classes go first, because they move students whatever else would happen to those. */
function churnDistrict(district: District, day: number): void {
  for (const lives of Object.values(district.lives)) lives.startNextDay();
  const random = new Random(district.seed, NIGHT, day);
  if (district.options.churn === 0) return;
  churnClasses(district, random, day);
  churnStaff(district, random, day);
  churnStudents(district, random, day);
}

function countChanges(district: District, day: number): Readonly<Record<RosterFile, ChangeCounts>> {
  const counts = COUNTED_KINDS.map((kind) => [FILE_OF_KIND[kind], district.lives[kind].count(day)]);
  return Object.fromEntries(counts) as Record<RosterFile, ChangeCounts>;
}

function fileOf(district: District, kind: RecordKind, cells: CellsOf, checkCurrent: () => void): DayFile {
  const lives: Lives = district.lives[kind];
  const present = lives.present();
  return {
    kind,
    rowCount: present.length,
    cells(row) {
      checkCurrent();
      return cells(present[row] ?? 0);
    },
    lastModified(row) {
      checkCurrent();
      const index = present[row] ?? 0;
      return modifiedText(mix(district.seed, MODIFIED_DRAW, index), lives.changedDay(index));
    },
  };
}

/** What was there on day 1 was last touched in the weeks before; later changes carry the morning of their day. */
function modifiedText(draw: number, changedDay: number): string {
  const offset = changedDay === 1 ? offsetOfDay(1) - 1 - (draw % 90) : offsetOfDay(changedDay);
  const second = (draw >>> 8) % 60;
  const minute = (draw >>> 16) % 60;
  return `${dateText(offset)}T04:${twoDigits(minute)}:${twoDigits(second)}.000Z`;
}
