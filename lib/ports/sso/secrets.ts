import type { SignOnSecret } from '../../core/sso/sign-on-secret.ts';

/** The one secret of the sign-on. Cheap to ask: adapters keep it for some minutes, so that a rotation is seen. */
export interface Secrets {
  /** @throws SecretDamaged; a failure of the store where nothing is kept yet */
  read(): Promise<SignOnSecret>;
}
