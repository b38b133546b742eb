import unit from '../../jest.config.mjs';

/** Other people's exports, from ../shared/samples beside the project. Skipped, and says so, where they are missing. */
export default {
  ...unit,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/samples/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
};
