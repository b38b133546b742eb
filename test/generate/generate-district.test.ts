import { generateDistrict } from '../../lib/generate/generate-district.ts';

describe('days of a district', () => {
  test('a day that is over throws instead of showing the next one', () => {
    const iterator = generateDistrict({ students: 10, seed: '1', days: 2 })[Symbol.iterator]();
    const first = iterator.next().value;
    expect(first?.files[0]?.cells(0)).not.toEqual([]);
    iterator.next();
    expect(() => first?.files[0]?.cells(0)).toThrow('Day 1 is over');
  });

  test('every iteration begins at day 1 again, with the same rows', () => {
    const district = generateDistrict({ students: 30, seed: '1', days: 3, churn: 0.2 });
    const read = () => Array.from(district, (day) => [day.number, day.changes]);
    expect(read()).toEqual(read());
    expect(read().map(([number]) => number)).toEqual([1, 2, 3]);
  });

  test('as many students as were asked for, for any number', () => {
    for (const students of [1, 2, 13, 491, 739, 1_231]) {
      for (const day of generateDistrict({ students, seed: 'n', demographics: true })) {
        expect(day.changes.demographics.add).toBe(students);
      }
    }
  });

  test('bad options are refused before the first day', () => {
    expect(() => generateDistrict({ students: 0 })).toThrow('0 students');
    expect(() => generateDistrict({ students: 10, churn: Number.NaN })).toThrow('not a share');
  });
});
