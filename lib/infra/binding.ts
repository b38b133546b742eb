import { Lazy } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { EnvSpec, EnvStrings } from '../contracts/environment.ts';

/**
 * One thing that a function may use: the right to use it and the variable that tells where it is, in one value, so that
 * neither is forgotten.
 */
export interface Binding {
  /** What the environment variable says: a name, a URL or an ARN. */
  readonly value: string;
  /** Gives the permission. */
  readonly grant: (role: Role) => void;
}

/** A binding for every variable of a function's contract. A missing one is a compile error. */
export type Bindings<S extends EnvSpec> = { readonly [N in keyof S]: Binding };

/** The variables of the bindings. */
export function bindingValues<S extends EnvSpec>(bindings: Bindings<S>): EnvStrings<S> {
  const values = Object.entries<Binding>(bindings).map(([name, binding]) => [name, binding.value]);
  // Object.fromEntries forgets the names; they are those of the spec.
  return Object.fromEntries(values) as EnvStrings<S>;
}

/** A setting: a variable that comes with no right. */
export const fixed = (value: string): Binding => ({ value, grant: () => {} });

/**
 * The unique id of the role that the function works as. The role is made with the function, so the value is known only when
 * the template is written.
 */
export function ownRoleId(): Binding {
  let id = '';
  return {
    value: Lazy.string({ produce: () => id }),
    grant: (role) => {
      id = role.roleId;
    },
  };
}

/** Lets a role do exactly these actions. The CDK's own grants come with wildcards (`s3:GetObject*`); these have none. */
export function allow(
  role: Role,
  actions: readonly string[],
  resources: readonly string[],
  conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {},
): void {
  role.addToPrincipalPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources], conditions }));
}
