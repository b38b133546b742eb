import unit from '../../jest.config.mjs';

// Tests read the table with the AWS SDK, which warns that it will ask for Node 22 from 2027 on.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** The whole system on one machine, with a real SFTP client. Slow, mostly with waiting; each test has its own servers, ports and folder. */
export default {
  ...unit,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 300_000,
  maxWorkers: 2,
};
