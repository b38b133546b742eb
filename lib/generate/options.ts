import { MOST_DAYS } from './calendar.ts';

/** What decides every byte of a generated district. */
export interface DistrictOptions {
  /** 1 to MOST_STUDENTS. */
  readonly students: number;
  /** Any text; the same text gives the same district. */
  readonly seed: string;
  /** How many exports, one a night; 1 to 180, all of one school year. */
  readonly days: number;
  /** Share of the students that change in a night, 0 to 1. */
  readonly churn: number;
  /** UUIDs instead of short numbers as sourcedIds. */
  readonly uuid: boolean;
  /** Fill demographics.csv; without it, it has a header only and counts nothing. */
  readonly demographics: boolean;
  /** Add 1.6 guardians per student, named in the student's agentSourcedIds. */
  readonly guardians: boolean;
}

/** Some three times the largest district of the United States. */
export const MOST_STUDENTS = 2_000_000;

/** What is wrong with an option, and what would be right. */
export class DistrictOptionError extends RangeError {
  override readonly name = 'DistrictOptionError';
  readonly option: string;
  readonly hint: string;

  constructor(option: string, message: string, hint: string) {
    super(message);
    this.option = option;
    this.hint = hint;
  }
}

/** Fills what is left out (one day, churn 0.01, short ids, no demographics, no guardians). Throws DistrictOptionError. */
export function settleOptions(given: Partial<DistrictOptions> & Pick<DistrictOptions, 'students'>): DistrictOptions {
  const options: DistrictOptions = {
    seed: '1',
    days: 1,
    churn: 0.01,
    uuid: false,
    demographics: false,
    guardians: false,
    ...given,
  };
  checkWhole('students', options.students, MOST_STUDENTS);
  checkWhole('days', options.days, MOST_DAYS);
  if (options.seed === '') throw new DistrictOptionError('seed', 'The seed is empty', 'Any number or word will do');
  if (!(options.churn >= 0 && options.churn <= 1)) {
    throw new DistrictOptionError('churn', `A churn of ${options.churn} is not a share`, '0 to 1; 0.01 is one percent');
  }
  return options;
}

function checkWhole(option: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new DistrictOptionError(option, `${value} ${option} cannot be generated`, `A whole number from 1 to ${most}`);
}
