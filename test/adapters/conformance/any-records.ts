import fc from 'fast-check';
import { RECORD_KINDS } from '../../../lib/core/oneroster/kinds.ts';
import { idOfLine, joinLine } from '../../../lib/core/oneroster/record-line.ts';
import { type Column, storedColumnsOf } from '../../../lib/core/oneroster/tables.ts';

/** Text as rows may hold it: no control characters, never blank. */
const text = fc
  .oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom('0', ' ', '#', '__proto__', 'é', '😀', '\u2028'))
  .map((value) => value.replace(/[\u0000-\u001f\u007f]/g, '').replace(/\p{Cs}/gu, ''))
  .filter((value) => value !== '');
const item = text.map((value) => value.replaceAll(',', ';'));

function valuesFor(column: Column): fc.Arbitrary<string> {
  const blank = fc.constant('');
  if (column.type === 'boolean') return fc.oneof(blank, fc.constantFrom('true', 'false'));
  if (column.values) return fc.oneof(blank, fc.constantFrom(...column.values));
  if (column.type.endsWith('List'))
    return fc.oneof(
      blank,
      fc.array(item, { minLength: 1, maxLength: 4 }).map((items) => items.join(',')),
    );
  return fc.oneof(blank, text);
}

const anyRecord = fc.constantFrom(...RECORD_KINDS).chain((kind) =>
  fc.record({
    kind: fc.constant(kind),
    status: fc.constantFrom('active' as const, 'inactive' as const),
    line: fc.tuple(text, fc.tuple(...storedColumnsOf(kind).map(valuesFor))).map(([id, values]) => joinLine(id, values)),
  }),
);
/** Up to a dozen records of any kinds, values as rows may hold them. */
export const anyRecords = fc.uniqueArray(anyRecord, {
  maxLength: 12,
  selector: ({ kind, line }) => `${kind} ${idOfLine(line)}`,
});
