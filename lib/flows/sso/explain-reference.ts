import { type DenialCode, readReference } from '../../core/sso/denials.ts';
import { SUPPORT_WORDS, type SupportWords } from '../../core/sso/support-words.ts';
import type { SsoPorts } from './sso-ports.ts';

/** What a reference on a page of ours says to support. Names nobody (R22). */
export interface ExplainedReference extends SupportWords {
  /** As we write it. */
  readonly reference: string;
  readonly code: DenialCode;
  /** False where no row is kept: the code comes from the first letters alone. */
  readonly known: boolean;
  /** ISO 8601; null where no row is kept. */
  readonly at: string | null;
  /** Null also where the launch did not come so far. */
  readonly districtId: string | null;
  readonly launchId: string | null;
}

/**
 * Explains a reference however it was typed; null where it cannot be one of ours. A row is kept for 14 days, and only of
 * launches that came as far as ClassLink's answer.
 */
export async function explainReference(
  { denials }: Pick<SsoPorts, 'denials'>,
  typed: string,
): Promise<ExplainedReference | null> {
  const read = readReference(typed);
  if (read === null) return null;
  const { reference, code } = read;
  const row = await denials.find(reference);
  const { at = null, districtId = null, launchId = null } = row ?? {};
  return { reference, code, known: row !== null, at, districtId, launchId, ...SUPPORT_WORDS[code] };
}
