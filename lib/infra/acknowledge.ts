import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Says in writing why a finding of the checks in bin/app.ts is meant to be so. `id` as the finding prints it. */
export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason });
}

/** The editions of NIST 800-53 that bin/app.ts checks: contracts of school districts still name either. */
const EDITIONS = ['R4', 'R5'] as const;

/** The same for a rule that is in both NIST packs; `editions` where it is in one only. `rule` without its prefix. */
export function acknowledgeNist(
  construct: IConstruct,
  rule: string,
  reason: string,
  editions: readonly (typeof EDITIONS)[number][] = EDITIONS,
): void {
  for (const edition of editions) {
    const pack = `NIST.800.53.${edition}`;
    acknowledge(construct, `${pack}::${pack}-${rule}`, reason);
  }
}
