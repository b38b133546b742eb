import type { Districts } from '../../ports/districts.ts';
import { type Answer, refused } from './command-ports.ts';

/**
 * R14: nothing that people or exports ask for changes the roster of a suspended district; whoever wants it resumes it
 * first. Null where it is not suspended.
 */
export async function refuseSuspended(
  { districts }: { readonly districts: Districts },
  districtId: string,
  syncId: string | null = null,
): Promise<Answer | null> {
  const district = await districts.get(districtId);
  if (district?.settings.suspended === false) return null;
  const message = 'The district is suspended, so nothing is applied (rollcall district resume).';
  return refused('suspended', message, { syncId });
}
