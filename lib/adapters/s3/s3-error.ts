/** The HTTP status of an S3 error; null for anything else. */
export function statusOf(error: unknown): number | null {
  if (!(error instanceof Error)) return null;
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode ?? null;
}

/** Whether the object or the version is not there. A delete marker answers 405 to a read by version. */
export const isMissing = (error: unknown): boolean =>
  statusOf(error) === 404 || (error instanceof Error && /^(?:NoSuchKey|NoSuchVersion|NotFound)$/.test(error.name));
