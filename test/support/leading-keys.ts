import type { LeadingKeys } from '../../lib/contracts/sign-on-rights.ts';

/** As IAM compares: `*` is any text, everything else is itself. */
function fits(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}

/** Whether a right that is bound to these partitions covers one. */
export const covers = ({ like, notLike = [] }: LeadingKeys, partition: string): boolean =>
  like.some((pattern) => fits(pattern, partition)) && !notLike.some((pattern) => fits(pattern, partition));
