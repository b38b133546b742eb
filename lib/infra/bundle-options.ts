/** Some packages are CommonJS and call require(), which an ES module does not have. */
export const BANNER = "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);";

/** Which entry of a package is taken: an ES module where there is one, as what is not used of it falls away. */
export const MAIN_FIELDS = ['module', 'main'];

/**
 * Where the SDK looks for credentials outside Lambda; it loads each of these only when it gets there. Lambda puts them into
 * the environment, which is looked at first, so none is ever loaded, and without them a bundle is a quarter smaller.
 */
export const NEVER_LOADED = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];
