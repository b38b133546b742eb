import fc from 'fast-check';
import { idOfLine, joinLine, valueAt, valuesOfLine } from '../../../lib/core/oneroster/record-line.ts';

const cells = fc.string().map((text) => text.replaceAll('\u001f', ''));

test('valueAt finds what splitting finds, and nothing beyond the end', () => {
  fc.assert(
    fc.property(cells, fc.array(cells, { minLength: 1, maxLength: 6 }), (id, values) => {
      const line = joinLine(id, values);
      expect(idOfLine(line)).toBe(id);
      expect(values.map((_, i) => valueAt(line, i))).toEqual(valuesOfLine(line));
      expect(valueAt(line, values.length)).toBe('');
    }),
  );
});
