import {
  AccountRootPrincipal,
  CompositePrincipal,
  type IPrincipal,
  PrincipalWithConditions,
  Role,
} from 'aws-cdk-lib/aws-iam';
import type { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { QueueName } from '../contracts/stage-names.ts';
import { acknowledge } from './acknowledge.ts';
import { allow, type Binding } from './binding.ts';
import type { FoundationStack } from './foundation-stack.ts';
import type { KeptSecret } from './kept-secret.ts';
import type { WorkQueue } from './work-queue.ts';

interface PeopleProps {
  readonly stage: string;
  readonly foundation: FoundationStack;
  readonly names: StringParameter;
  readonly queues: Readonly<Record<QueueName, WorkQueue>>;
  readonly signOnSecret: KeptSecret;
}

/**
 * The roles of people who work with the command line. Who may take one is decided by the account's own IAM, and nobody takes
 * one under another's name. An operator
 * looks and sends commands, writes no row and deletes no district; an admin keeps districts and secrets, and writes no roster row.
 */
export class People extends Construct {
  constructor(scope: Construct, id: string, { stage, foundation, names, queues, signOnSecret }: PeopleProps) {
    super(scope, id);
    const { table, archive, hostKeys, door } = foundation;
    const role = (name: string, uses: readonly Binding[]): Role => {
      const made = new Role(this, name, {
        roleName: `rollcall-${stage}-${name}`,
        assumedBy: peopleOfTheAccount(),
      });
      for (const { grant } of uses) grant(made);
      allow(made, ['ssm:GetParameter'], [names.parameterArn]);
      return made;
    };
    // Not the purges: who may send there can have a suspended district deleted.
    const { uploads, plans, applies, notifications } = queues;
    const redrives = [uploads, plans, applies, notifications].map((queue) => queue.toRedrive());
    role('operator', [table.toRead(), archive.toLookUp(), plans.toSend(), ...redrives]);
    const admin = role('admin', [
      table.toKeepDistricts(),
      queues.purges.toRedrive(),
      hostKeys.toFillIn(),
      signOnSecret.toFillIn(),
    ]);
    const transfer = ['DescribeServer', 'ListHostKeys', 'TestIdentityProvider', 'ImportHostKey'];
    allow(
      admin,
      transfer.map((action) => `transfer:${action}`),
      [door.serverArn],
    );
    const keys = door.hostKeysArn;
    acknowledge(
      admin,
      `AwsSolutions-IAM5[Resource::${keys}]`,
      'Ids of host keys are made by AWS when they are imported.',
    );
    allow(admin, ['transfer:DescribeHostKey', 'transfer:DeleteHostKey'], [keys]);
  }
}

/** Policy variables of IAM, not of this file. */
const USER_NAME = ['$', '{aws:username}'].join('');
const ANY_WITH_SESSION_NAME = ['*:$', '{sts:RoleSessionName}'].join('');

/**
 * Whoever the account lets, as long as they name the session after themselves: what they decide is kept under the session's
 * name (core/sync/giver.ts). A user has a name; who comes from another role (IAM Identity Center, SAML) has the session of
 * that one, which `aws:userid` ends with and their directory has set.
 */
function peopleOfTheAccount(): IPrincipal {
  return new CompositePrincipal(
    new PrincipalWithConditions(new AccountRootPrincipal(), { StringEquals: { 'sts:RoleSessionName': USER_NAME } }),
    new PrincipalWithConditions(new AccountRootPrincipal(), { StringLike: { 'aws:userid': ANY_WITH_SESSION_NAME } }),
  );
}
