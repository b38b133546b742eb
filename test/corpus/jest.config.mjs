import unit from '../../jest.config.mjs';

/** Every fault of the corpus: minutes of processor time. A sample of them is in `npm test`. */
export default {
  ...unit,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/corpus/whole-corpus.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
