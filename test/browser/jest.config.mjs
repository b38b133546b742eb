import e2e from '../e2e/jest.config.mjs';

/** The sign-on in a real browser, against the whole system on one machine. */
export default {
  ...e2e,
  testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
};
