/** Who may import what (design §8). Arrows point to `core`. */
export interface Room {
  /** Paths of the room: the most exact pattern that fits a file decides, so order matters: first match wins. */
  readonly files: RegExp;
  /** Paths of the project that it may import. */
  readonly imports: RegExp;
  /** Packages and node modules that it may import. `node:` alone stands for all of Node. */
  readonly packages: readonly string[];
}

const AWS_CLIENTS = ['@aws-sdk/client-dynamodb', '@aws-sdk/client-s3', '@aws-sdk/client-sqs'];

/** Which adapter stands for which outside thing. A new adapter needs a line, and so does its package. */
const ADAPTER_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  csv: ['csv-parser'],
  zip: ['yauzl'],
  dynamodb: ['@aws-sdk/client-dynamodb'],
  s3: ['@aws-sdk/client-s3'],
  sqs: ['@aws-sdk/client-sqs'],
  transfer: ['@aws-sdk/client-transfer'],
  // jose is here and nowhere else: tokens of ClassLink, and our own tokens and sealed cookies.
  classlink: ['jose'],
  seals: ['jose'],
  // Secrets Manager is asked over HTTP, through the extension that runs beside the function.
  // The command line, which has none, asks Secrets Manager itself.
  secrets: ['@aws-sdk/client-secrets-manager'],
  passwords: [],
  files: [],
  deliveries: [],
  plans: [],
  memory: [],
  aws: [],
  events: ['@aws-sdk/client-eventbridge'],
  mail: ['@aws-sdk/client-sesv2'],
  stages: ['@aws-sdk/client-ssm', '@aws-sdk/client-sts'],
  log: [],
  clock: [],
};

/** Adapters that stand on others: a file is opened as a zip or a CSV, and a CSV may lie in a broken zip. */
const STANDS_ON: Readonly<Record<string, readonly string[]>> = {
  files: ['csv', 'zip'],
  deliveries: ['csv', 'zip'],
  csv: ['zip'],
};

const adapters: readonly Room[] = Object.entries(ADAPTER_PACKAGES).map(([name, packages]) => ({
  files: new RegExp(`^lib/adapters/${name}/`),
  imports: new RegExp(`^lib/(core|ports|contracts|adapters/(${[name, ...(STANDS_ON[name] ?? [])].join('|')}))/`),
  packages: [...packages, 'node:'],
}));

/** The map of the code, as rules. A file in none of these rooms is an error too. */
export const ROOMS: readonly Room[] = [
  // zod checks what people wrote; the rest of the core gets checked values.
  { files: /^lib\/core\/district\//, imports: /^lib\/core\//, packages: ['zod'] },
  { files: /^lib\/core\//, imports: /^lib\/core\//, packages: [] },
  { files: /^lib\/ports\//, imports: /^lib\/(core|ports|contracts)\//, packages: [] },
  { files: /^lib\/contracts\//, imports: /^lib\/(core|contracts)\//, packages: [] },
  { files: /^lib\/flows\//, imports: /^lib\/(core|ports|contracts|flows)\//, packages: [] },
  { files: /^lib\/pages\//, imports: /^lib\/(core|pages)\//, packages: [] },
  ...adapters,
  {
    files: /^lib\/infra\//,
    imports: /^lib\/(infra|contracts)\//,
    packages: ['aws-cdk-lib', 'constructs', 'node:path'],
  },
  { files: /^lib\/generate\//, imports: /^lib\/(core|contracts|generate)\//, packages: ['yazl', 'node:'] },
  {
    files: /^lib\/local\//,
    imports: /^(lib\/(core|ports|contracts|flows|adapters|generate|pages|local)|lambdas)\//,
    packages: [
      ...AWS_CLIENTS,
      '@aws-sdk/client-eventbridge',
      '@aws-sdk/client-sesv2',
      '@aws-sdk/client-transfer',
      'aws-lambda',
      'dynalite',
      'jose',
      'oidc-provider',
      'openid-client',
      'ssh2',
      'zod',
      'node:',
    ],
  },
  {
    files: /^lib\/cli\//,
    imports: /^lib\/(core|ports|contracts|flows|adapters|generate|pages|local|cli)\//,
    packages: [
      ...AWS_CLIENTS,
      '@aws-sdk/client-secrets-manager',
      '@aws-sdk/client-ssm',
      '@aws-sdk/client-sts',
      '@aws-sdk/client-transfer',
      'commander',
      'zod',
      'node:',
    ],
  },
  // The handler takes the event apart and calls one flow; only its wire.ts knows which adapters stand behind it.
  {
    files: /^lambdas\/([^/]+\/wire|wiring)\.ts$/,
    imports: /^(lib\/(core|ports|contracts|flows|adapters)\/|lambdas\/([^/]+\/handler|wiring)\.ts$)/,
    packages: [
      ...AWS_CLIENTS,
      '@aws-sdk/client-transfer',
      '@aws-sdk/client-eventbridge',
      '@aws-sdk/client-sesv2',
      'node:',
    ],
  },
  // The sign-on answers people, so its handler renders pages.
  {
    files: /^lambdas\/sso\//,
    imports: /^(lib\/(core|ports|contracts|flows|pages)|lambdas\/sso)\//,
    packages: [],
  },
  {
    files: /^lambdas\/[^/]+\//,
    imports: /^(lib\/(core|ports|contracts|flows)|lambdas\/[^/]+)\//,
    packages: ['aws-lambda'],
  },
  { files: /^bin\/app\.ts$/, imports: /^lib\/infra\//, packages: ['aws-cdk-lib', 'cdk-nag'] },
  { files: /^bin\/write-findings-doc\.ts$/, imports: /^lib\/(core|pages)\//, packages: ['node:fs', 'node:path'] },
  { files: /^bin\/rollcall\.ts$/, imports: /^(lib\/cli\/|package\.json$)/, packages: ['commander', 'node:process'] },
];
