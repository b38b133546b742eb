/** An HTTP API event, payload format 2.0: what of it the sign-on looks at. */
export interface HttpEvent {
  readonly rawPath: string;
  readonly rawQueryString?: string;
  /** Names in lower case, repeated ones joined with commas. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** `name=value` each. */
  readonly cookies?: readonly string[];
  readonly requestContext: { readonly http: { readonly method: string } };
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** What the function answers, payload format 2.0. */
export interface HttpResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  /** One `Set-Cookie` each. */
  readonly cookies: readonly string[];
  readonly body: string;
  readonly isBase64Encoded: false;
}
