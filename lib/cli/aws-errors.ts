import { CommandError } from './output.ts';

/** Whether AWS refused a call for the lack of a right. */
export const isDenied = (thrown: unknown): boolean => thrown instanceof Error && /^AccessDenied/.test(thrown.name);

/** What AWS says about credentials and rights, in words for the person who typed the command; everything else as it is. */
export function inWords(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown instanceof CommandError) return thrown;
  if (/Region (?:is missing|not accepted)/.test(thrown.message)) {
    return new CommandError('no-region', 'The AWS Region is not known.', 'Set AWS_REGION, or AWS_PROFILE.');
  }
  if (/^(?:CredentialsProviderError|ExpiredToken|UnrecognizedClient|InvalidClientTokenId)/.test(thrown.name)) {
    const hint = 'Sign in first, for example with `aws sso login`, and set AWS_PROFILE.';
    return new CommandError('no-credentials', 'There are no AWS credentials that work.', hint);
  }
  if (isDenied(thrown)) {
    const hint = 'Operators look, approve, reject and undo; admins keep districts and secrets (docs/operations.md).';
    return new CommandError('access-denied', `Your AWS role may not do this. AWS says: ${thrown.message}`, hint);
  }
  return thrown;
}
