/** What a variable holds. An integer is decimal digits without a sign. */
type Kind = 'string' | 'integer';

/** The environment of one function: each name with its kind. Written once, read by the stack and by the function. */
export type EnvSpec = Readonly<Record<string, Kind>>;

/** What the function gets: every name of the spec, integers as numbers. */
export type EnvValues<S extends EnvSpec> = { readonly [N in keyof S]: S[N] extends 'integer' ? number : string };

/** What the stack passes: every name of the spec. A CDK token is a string too. A missing name is a compile error. */
export type EnvStrings<S extends EnvSpec> = { readonly [N in keyof S]: string };

/** The function was deployed with an environment that it cannot work with: not worth a retry. */
export class EnvironmentFailure extends Error {
  override readonly name = 'EnvironmentFailure';
  readonly code = 'bad-environment';
  readonly retryable = false;
}

/**
 * Takes the variables of `spec` out of `env`, and names all that are missing or not of their kind in one failure.
 * The message holds names only: a value may be a secret.
 *
 * @throws EnvironmentFailure
 */
export function readEnvironment<const S extends EnvSpec>(
  spec: S,
  env: Readonly<Record<string, string | undefined>>,
): EnvValues<S> {
  const problems: string[] = [];
  const values: Record<string, string | number> = {};
  for (const [name, kind] of Object.entries(spec)) {
    const text = env[name];
    if (text === undefined || text === '') problems.push(`${name} is missing`);
    else if (kind === 'string') values[name] = text;
    else if (/^\d{1,15}$/.test(text)) values[name] = Number(text);
    else problems.push(`${name} is not an integer`);
  }
  if (problems.length > 0) throw new EnvironmentFailure(`environment: ${problems.join(', ')}`);
  // The loop has set each name of the spec to its kind; the type system cannot follow that.
  return values as EnvValues<S>;
}
