import { inWords } from './aws-errors.ts';
import { CommandError } from './output.ts';
import { openTarget, type Target, type TargetOptions } from './target.ts';

/** The settings of a district; a `CommandError` where there is none. */
export async function districtOf(target: Target, districtId: string) {
  const found = await target.districts.get(districtId);
  if (found !== null) return found;
  const hint = `See \`rollcall district list ${target.flags}\`.`;
  throw new CommandError('unknown-district', `There is no district ${districtId}.`, hint);
}

/** Opens what the options point at, does the work, closes it. */
export async function withTarget(
  options: TargetOptions,
  work: (target: Target) => Promise<void>,
  mayCreate = false,
): Promise<void> {
  const target = await openTarget(options, mayCreate);
  try {
    await work(target);
  } catch (thrown) {
    throw inWords(thrown);
  } finally {
    await target.close();
  }
}
