/** What a log line may hold: our own ids, counts and codes, nothing of a person or a file (R22). */
export interface LogFields {
  readonly districtId?: string;
  readonly deliveryId?: string;
  readonly syncId?: string;
  readonly outcome?: string;
  readonly code?: string;
  readonly milliseconds?: number;
}

/** The log. One JSON object a line. */
export interface Logger {
  info(message: string, fields?: LogFields): void;
  /** A failure or defect: its name, code and stack; never its data. */
  error(message: string, thrown: unknown, fields?: LogFields): void;
}
