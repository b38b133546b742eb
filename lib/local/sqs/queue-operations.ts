import { invalidValue, SqsError } from './errors.ts';
import type { Context, Operation } from './operation.ts';
import { optionalInteger, optionalText, type Parameters, requiredText, textList, textMap } from './parameters.ts';
import type { Queue } from './queue.ts';
import { canBeRead, readRedrivePolicy, withDefaults } from './queue-attributes.ts';

const MAX_LISTED = 1000;

const queueOf = (parameters: Parameters, { registry }: Context): Queue =>
  registry.byUrl(requiredText(parameters, 'QueueUrl'));

/** One page of queue URLs; the token is the last name of the page before. */
function pageOfUrls(queues: readonly Queue[], parameters: Parameters, { urlOf }: Context) {
  const size = optionalInteger(parameters, 'MaxResults', { min: 1, max: MAX_LISTED }) ?? MAX_LISTED;
  const after = optionalText(parameters, 'NextToken') ?? '';
  const rest = queues.filter(({ name }) => name > after);
  const page = rest.slice(0, size);
  return { urls: page.map(urlOf), ...(rest.length > page.length && { NextToken: page.at(-1)?.name }) };
}

const createQueue: Operation = (parameters, { registry, urlOf }) => {
  const name = requiredText(parameters, 'QueueName');
  return { QueueUrl: urlOf(registry.create(name, textMap(parameters, 'Attributes'), textMap(parameters, 'tags'))) };
};

const getQueueUrl: Operation = (parameters, { registry, urlOf }) => ({
  QueueUrl: urlOf(registry.byName(requiredText(parameters, 'QueueName'))),
});

const listQueues: Operation = (parameters, context) => {
  const prefix = optionalText(parameters, 'QueueNamePrefix') ?? '';
  const queues = context.registry.list().filter(({ name }) => name.startsWith(prefix));
  const { urls, ...rest } = pageOfUrls(queues, parameters, context);
  return { QueueUrls: urls, ...rest };
};

const listDeadLetterSourceQueues: Operation = (parameters, context) => {
  const sources = context.registry.sourcesOf(queueOf(parameters, context));
  const { urls, ...rest } = pageOfUrls(sources, parameters, context);
  return { queueUrls: urls, ...rest };
};

const deleteQueue: Operation = (parameters, context) => {
  context.registry.delete(queueOf(parameters, context));
  return {};
};

const purgeQueue: Operation = (parameters, context) => {
  queueOf(parameters, context).purge();
  return {};
};

const seconds = (milliseconds: number): string => String(Math.floor(milliseconds / 1000));

const getQueueAttributes: Operation = (parameters, context) => {
  const queue = queueOf(parameters, context);
  const asked = textList(parameters, 'AttributeNames');
  const unknown = asked.find((name) => !canBeRead(name));
  if (unknown !== undefined) throw new SqsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  const counts = queue.counts();
  const all = {
    ...withDefaults(queue.settings.attributes),
    QueueArn: queue.arn,
    CreatedTimestamp: seconds(queue.settings.createdAt),
    LastModifiedTimestamp: seconds(queue.settings.modifiedAt),
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
  };
  const wanted = Object.entries(all).filter(([name]) => asked.includes('All') || asked.includes(name));
  return { Attributes: Object.fromEntries(wanted) };
};

const setQueueAttributes: Operation = (parameters, context) => {
  const queue = queueOf(parameters, context);
  const given = textMap(parameters, 'Attributes');
  if ('FifoQueue' in given) throw new SqsError('InvalidAttributeName', 'FifoQueue cannot be changed.');
  context.registry.check(given, queue.isFifo);
  if (readRedrivePolicy(given)?.deadLetterTargetArn === queue.arn) {
    throw invalidValue('RedrivePolicy', queue.arn, 'A queue cannot be its own dead-letter queue.');
  }
  // An empty value takes an attribute away.
  const merged = Object.entries({ ...queue.settings.attributes, ...given }).filter(([, value]) => value !== '');
  const modifiedAt = context.clock.now().getTime();
  queue.settings = { ...queue.settings, attributes: Object.fromEntries(merged), modifiedAt };
  return {};
};

const tagQueue: Operation = (parameters, context) => {
  const queue = queueOf(parameters, context);
  queue.settings = { ...queue.settings, tags: { ...queue.settings.tags, ...textMap(parameters, 'Tags') } };
  return {};
};

const untagQueue: Operation = (parameters, context) => {
  const queue = queueOf(parameters, context);
  const gone = textList(parameters, 'TagKeys');
  const tags = Object.fromEntries(Object.entries(queue.settings.tags).filter(([key]) => !gone.includes(key)));
  queue.settings = { ...queue.settings, tags };
  return {};
};

const listQueueTags: Operation = (parameters, context) => ({ Tags: queueOf(parameters, context).settings.tags });

/** The actions on queues, by their name in `X-Amz-Target`. */
export const queueOperations: Readonly<Record<string, Operation>> = {
  CreateQueue: createQueue,
  DeleteQueue: deleteQueue,
  GetQueueAttributes: getQueueAttributes,
  GetQueueUrl: getQueueUrl,
  ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
  ListQueueTags: listQueueTags,
  ListQueues: listQueues,
  PurgeQueue: purgeQueue,
  SetQueueAttributes: setQueueAttributes,
  TagQueue: tagQueue,
  UntagQueue: untagQueue,
};
