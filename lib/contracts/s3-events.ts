/** One object that S3 says was created. */
export interface CreatedObject {
  /** Decoded key. */
  readonly key: string;
  readonly versionId: string;
  readonly bytes: number;
}

interface S3Record {
  readonly eventName?: string;
  readonly s3?: { readonly object?: { readonly key?: string; readonly versionId?: string; readonly size?: number } };
}

/**
 * The created objects of an S3 event notification. `s3:TestEvent`, which has no records, and other events give none.
 * S3 writes keys form-url-encoded: a blank is `+` (facts: AWS §2).
 */
export function createdObjects(body: unknown): readonly CreatedObject[] {
  const records = (body as { Records?: readonly S3Record[] } | null)?.Records ?? [];
  return records.flatMap(({ eventName, s3 }) => {
    const { key, versionId, size } = s3?.object ?? {};
    if (eventName === undefined || !eventName.replace(/^s3:/, '').startsWith('ObjectCreated:')) return [];
    if (key === undefined || versionId === undefined) return [];
    return [{ key: decodeURIComponent(key.replaceAll('+', ' ')), versionId, bytes: size ?? 0 }];
  });
}
