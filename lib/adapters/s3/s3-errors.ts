/** The HTTP status of an S3 error; undefined where there was no answer. */
export const statusOf = (thrown: unknown): number | undefined =>
  (thrown as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode;

/** No such object, or no such version of it. */
export const isMissing = (thrown: unknown): boolean =>
  statusOf(thrown) === 404 || ['NoSuchKey', 'NotFound', 'NoSuchVersion'].includes((thrown as Error | null)?.name ?? '');
