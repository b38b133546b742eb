import { GetParameterCommand, ParameterNotFound, type SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { readStageNames, type StageNames, stageNamesParameter } from '../../contracts/stage-names.ts';

/** The names of a stage out of its one SSM parameter; null where this account and Region have no such stage. */
export async function findStageNames(ssm: SSMClient, stage: string): Promise<StageNames | null> {
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: stageNamesParameter(stage) }));
    return readStageNames(stage, Parameter?.Value ?? '{}');
  } catch (thrown) {
    if (thrown instanceof ParameterNotFound) return null;
    throw thrown;
  }
}

/**
 * Who works with these credentials, as `role/session` or the name of a user: the session is the person, the role is what
 * they may. It is written beside what they decide.
 */
export async function whoAmI(sts: STSClient): Promise<string> {
  const { Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
  return personOf(Arn);
}

/** `arn:aws:sts::111122223333:assumed-role/rollcall-prod-operator/maria` → `rollcall-prod-operator/maria`. */
export function personOf(arn: string): string {
  const resource = arn.split(':').slice(5).join(':');
  const name = resource.replace(/^(?:assumed-role|federated-user|user)\//, '');
  if (name === '') throw new Error('the caller has no name');
  return name;
}
