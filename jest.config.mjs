/** Unit and law tests. The slower suites have their own configs in test/ (see .ci/run). */
export default {
  testEnvironment: 'node',
  // For a busy machine: no test waits for time to pass, but whole flows on two cores may be slow.
  testTimeout: 60_000,
  // Each test file is by itself; jest's own choice on two cores is one worker.
  maxWorkers: '100%',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/(e2e|samples|simulation|browser|contract|fuzz)/'],
  transform: { '^.+\\.(ts|mjs|js)$': '<rootDir>/test/support/esbuild-transform.cjs' },
  // jose and a few others ship ES modules only; jest runs CommonJS, so they go through the transform.
  transformIgnorePatterns: ['/node_modules/(?!(jose|commander)/)'],
  moduleFileExtensions: ['ts', 'mjs', 'js', 'cjs', 'json'],
};
