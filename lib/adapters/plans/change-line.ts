import type { RecordKind } from '../../core/oneroster/kinds.ts';
import { idOfLine, joinLine, valuesOfLine } from '../../core/oneroster/record-line.ts';
import { storedColumnsOf } from '../../core/oneroster/tables.ts';
import type { Change, ChangeOp, RecordImage, RecordStatus } from '../../core/plan/change.ts';

/** The first line of a section: what its arrays of values hold. */
interface SectionHeader {
  readonly kind: RecordKind;
  /** `sourcedId`, then the stored columns as they were when the plan was made. */
  readonly columns: readonly string[];
}

interface StoredImage {
  readonly status: RecordStatus;
  readonly values: readonly string[];
}

interface StoredChange {
  readonly op: ChangeOp;
  readonly productId: string;
  readonly before: StoredImage | null;
  readonly after: StoredImage;
}

const columnsOf = (kind: RecordKind): readonly string[] => storedColumnsOf(kind).map((column) => column.name);

/** The header line of a section of a kind. */
export const headerLine = (kind: RecordKind): string =>
  `${JSON.stringify({ kind, columns: ['sourcedId', ...columnsOf(kind)] } satisfies SectionHeader)}\n`;

const storedImage = ({ status, line }: RecordImage): StoredImage => ({
  status,
  values: [idOfLine(line), ...valuesOfLine(line)],
});

/** The line of a change: values are arrays, aligned with the header's columns. */
export function changeLine({ op, productId, before, after }: Change): string {
  const stored: StoredChange = { op, productId, before: before && storedImage(before), after: storedImage(after) };
  return `${JSON.stringify(stored)}\n`;
}

/**
 * Makes the reader of a section from its header line. Columns are found by name, so that a plan can still be read (and
 * undone) after a column was added to what is stored: it is blank then.
 */
export function changeReader(header: string): (line: string) => Change {
  const { kind, columns } = JSON.parse(header) as SectionHeader;
  const positions = columnsOf(kind).map((name) => columns.indexOf(name));
  const image = ({ status, values }: StoredImage): RecordImage => ({
    status,
    line: joinLine(
      values[0] ?? '',
      positions.map((position) => values[position] ?? ''),
    ),
  });
  return (line) => {
    const { op, productId, before, after } = JSON.parse(line) as StoredChange;
    return { op, kind, productId, before: before && image(before), after: image(after) };
  };
}
