import { SqsError } from './errors.ts';
import { objectList, type Parameters, requiredText } from './parameters.ts';

const MAX_ENTRIES = 10;

/** The answer to a batch: each entry for itself. */
export interface BatchAnswer {
  readonly Successful: readonly object[];
  readonly Failed: readonly object[];
}

/**
 * Runs each entry of a batch. Throws `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `InvalidBatchEntryId`,
 * `BatchEntryIdsNotDistinct`; what goes wrong with one entry is in `Failed`.
 */
export function batch(parameters: Parameters, run: (entry: Parameters) => object): BatchAnswer {
  const entries = objectList(parameters, 'Entries');
  const ids = entries.map((entry) => requiredText(entry, 'Id'));
  if (entries.length === 0) throw new SqsError('EmptyBatchRequest', 'There should be at least one entry.');
  if (entries.length > MAX_ENTRIES) {
    const message = `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${entries.length}.`;
    throw new SqsError('TooManyEntriesInBatchRequest', message);
  }
  if (!ids.every((id) => /^[\w-]{1,80}$/.test(id))) {
    throw new SqsError('InvalidBatchEntryId', 'A batch entry id has up to 80 letters, digits, hyphens, underscores.');
  }
  if (new Set(ids).size < ids.length) {
    throw new SqsError('BatchEntryIdsNotDistinct', 'Two entries of the batch have the same Id.');
  }
  const answer = { Successful: [] as object[], Failed: [] as object[] };
  for (const entry of entries) {
    const Id = requiredText(entry, 'Id');
    try {
      answer.Successful.push({ Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof SqsError)) throw error;
      answer.Failed.push({ Id, SenderFault: true, Code: error.legacyCode, Message: error.message });
    }
  }
  return answer;
}
