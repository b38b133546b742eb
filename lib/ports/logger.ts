/** What a log line may hold: our own ids, counts and codes, nothing of a person or a file (R22). */
export interface LogFields {
  readonly districtId?: string;
  readonly deliveryId?: string;
  readonly syncId?: string;
  readonly commandId?: string;
  /** Name of a command, without what it names. */
  readonly command?: string;
  readonly outcome?: string;
  readonly code?: string;
  readonly milliseconds?: number;
  readonly codes?: readonly string[];
  /** Of a watch: districts looked at, open sets, events told. */
  readonly districts?: number;
  readonly openSets?: number;
  readonly told?: number;
  /** Of a watch: how many districts are so now. */
  readonly heldNow?: number;
  readonly lateNow?: number;
  readonly failedNow?: number;
  readonly staleNow?: number;
  /** Of a district at a watch (flows/watch/gauge-district.ts). */
  readonly held?: number;
  readonly late?: boolean;
  readonly failed?: boolean;
  readonly stale?: boolean;
  readonly syncedAt?: string | null;
  /** Type of an event, and how many mails were sent about it. */
  readonly event?: string;
  readonly sent?: number;
  /** Of a deletion: rows, records or versions that are gone. */
  readonly deleted?: number;
  readonly days?: number;
  readonly waitingDays?: number;
  /** The district's own day, `YYYY-MM-DD`. */
  readonly localDate?: string;
  /** ISO 8601. */
  readonly expectedAt?: string;
  readonly dueAt?: string;
  /** A launch, its session, and the reference on the page of a refused one: our own ids, they name nobody. */
  readonly launchId?: string;
  readonly sessionId?: string;
  readonly reference?: string;
  /** Path of ours that was asked for; never what the client sent. */
  readonly route?: string;
  /** A code that says more: of the token library, of ours. */
  readonly detail?: string;
}

/** The log. One JSON object a line. */
export interface Logger {
  info(message: string, fields?: LogFields): void;
  /** A failure or defect: its name, code and stack; never its data. */
  error(message: string, thrown: unknown, fields?: LogFields): void;
}
