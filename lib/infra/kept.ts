import { RemovalPolicy } from 'aws-cdk-lib';

/**
 * What outlives its stack: CloudFormation keeps it when the stack goes or the resource is replaced, and only takes back
 * what it has just made itself where the creation of a stack fails. With a plain `RETAIN` a first deployment that fails
 * would leave buckets and a bus behind whose names the second one needs.
 */
export const KEPT = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
