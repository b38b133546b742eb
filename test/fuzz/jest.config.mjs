import unit from '../../jest.config.mjs';

/** Damaged exports against the engine; one worker for each file. `npx tsx test/fuzz/run.ts` goes on for longer. */
export default {
  ...unit,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/fuzz/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 480_000,
  maxWorkers: 2,
};
