import unit from '../../jest.config.mjs';

/** The whole system on one machine, with a real SFTP client. Slow; run one after the other. */
export default {
  ...unit,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 300_000,
  maxWorkers: 1,
};
