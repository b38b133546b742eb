import type { ClassLinkIdentity } from '../../core/sso/classlink-identity.ts';
import type { DenialCode } from '../../core/sso/denials.ts';

/** What a launch sends to ClassLink's authorize endpoint, beside what is the same for all. */
export interface AuthorizeRequest {
  readonly state: string;
  readonly nonce: string;
  /** base64url(SHA-256(verifier)), RFC 7636. */
  readonly challenge: string;
}

/** What must fit what came back. `nonce` null: none was sent (a tile's own code, `tile: confirm`), so none is compared. */
export interface CodeProof {
  readonly nonce: string | null;
  readonly verifier: string | null;
}

/** Who is there, or why we do not know. `detail` is a code of ours or of the token library, for the log. */
export type ClassLinkAnswer =
  | { readonly ok: true; readonly identity: ClassLinkIdentity; readonly detail?: string }
  | { readonly ok: false; readonly code: DenialCode; readonly detail: string };

/** ClassLink, to which we are a relying party. */
export interface ClassLink {
  authorizeUrl(request: AuthorizeRequest): Promise<string>;
  /**
   * Exchanges the code, checks the id_token, reads my/info, and throws the access token away. Never throws for what
   * ClassLink does: it is down, slow or wrong in a `code`.
   */
  identify(code: string, proof: CodeProof): Promise<ClassLinkAnswer>;
}
