import { type ProductClient, readProductClients } from '../core/sso/product-client.ts';

/** A product in the settings of a stage. */
export type RegisteredProduct = ProductClient;

/** Lambda takes 4 KB of environment in all; the rest of ours has some 700 bytes. */
const MAX_BYTES = 3_000;

/**
 * The value of `PRODUCT_CLIENTS`, read back as the function reads it, so that a wrong entry fails the synth and not the
 * first launch.
 *
 * @throws Error that names the client and the member
 */
export function writeProductClients(products: readonly RegisteredProduct[]): string {
  const json = JSON.stringify(products);
  readProductClients(json);
  if (json.length > MAX_BYTES)
    throw new Error(`PRODUCT_CLIENTS: ${json.length} bytes, and a function's environment has room for ${MAX_BYTES}`);
  return json;
}
