import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

/** An answer takes milliseconds; a connection that says nothing for this long is dead and worth a retry. */
const REQUEST_TIMEOUT_MILLIS = 20_000;
const CONNECTION_TIMEOUT_MILLIS = 3_000;

/**
 * The DynamoDB client that all adapters share. It has no log middleware: that one copies every request and answer for a
 * logger even where there is none, which costs three quarters of the time of a large read, and with a logger it would
 * log records (R22).
 */
export function createDynamoDbClient(config: DynamoDBClientConfig = {}): DynamoDBClient {
  const client = new DynamoDBClient({
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MILLIS,
      requestTimeout: REQUEST_TIMEOUT_MILLIS,
      throwOnRequestTimeout: true,
    },
    ...config,
  });
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}
