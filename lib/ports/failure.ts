/**
 * An operation that failed in a way that has a name. A finding is about data, a defect is a bug; a failure is neither.
 * `retryable`: the same call may succeed later. Messages carry no sourcedId and no cell text (R22).
 */
export abstract class Failure extends Error {
  abstract readonly code: string;
  abstract readonly retryable: boolean;
}

/** The object that should be read is not there. */
export class ObjectMissing extends Failure {
  override readonly name = 'ObjectMissing';
  readonly code = 'object-missing';
  readonly retryable = false;
}

/** A record under a synced key is not ours to write (R2): someone broke the key grammar. Nothing was written. */
export class NotASyncedRecord extends Failure {
  override readonly name = 'NotASyncedRecord';
  readonly code = 'not-a-synced-record';
  readonly retryable = false;
}

/** A service kept refusing or not answering for as long as the caller had patience. */
export class ServiceBusy extends Failure {
  override readonly name = 'ServiceBusy';
  readonly code = 'service-busy';
  readonly retryable = true;
}
