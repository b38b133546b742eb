import unit from '../../jest.config.mjs';

/** The flows under every fault that we could think of; `npm run simulate` goes on for longer. */
export default {
  ...unit,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/simulation/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 240_000,
  maxWorkers: 2,
};
