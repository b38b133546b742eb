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
  readonly movedTo?: string;
}

interface StoredChange {
  readonly op: ChangeOp;
  readonly productId: string;
  readonly productIdBefore?: string;
  readonly before: StoredImage | null;
  readonly after: StoredImage;
  readonly partner?: StoredChange;
}

const columnsOf = (kind: RecordKind): readonly string[] => storedColumnsOf(kind).map((column) => column.name);

/** The header line of a section of a kind. */
export const headerLine = (kind: RecordKind): string =>
  `${JSON.stringify({ kind, columns: ['sourcedId', ...columnsOf(kind)] } satisfies SectionHeader)}\n`;

const storedImage = ({ status, line, movedTo }: RecordImage): StoredImage => ({
  status,
  values: [idOfLine(line), ...valuesOfLine(line)],
  ...(movedTo === undefined ? {} : { movedTo }),
});

function storedChange({ op, productId, productIdBefore, before, after, partner }: Change): StoredChange {
  return {
    op,
    productId,
    ...(productIdBefore === undefined ? {} : { productIdBefore }),
    before: before && storedImage(before),
    after: storedImage(after),
    ...(partner === undefined ? {} : { partner: storedChange(partner) }),
  };
}

/** The line of a change: values are arrays, aligned with the header's columns. */
export const changeLine = (change: Change): string => `${JSON.stringify(storedChange(change))}\n`;

/**
 * Makes the reader of a section from its header line. Columns are found by name, so that a plan can still be read (and
 * undone) after a column was added to what is stored: it is blank then.
 */
export function changeReader(header: string): (line: string) => Change {
  const { kind, columns } = JSON.parse(header) as SectionHeader;
  const positions = columnsOf(kind).map((name) => columns.indexOf(name));
  const image = ({ status, values, movedTo }: StoredImage): RecordImage => ({
    status,
    line: joinLine(
      values[0] ?? '',
      positions.map((position) => values[position] ?? ''),
    ),
    ...(movedTo === undefined ? {} : { movedTo }),
  });
  const change = ({ op, productId, productIdBefore, before, after, partner }: StoredChange): Change => ({
    op,
    kind,
    productId,
    ...(productIdBefore === undefined ? {} : { productIdBefore }),
    before: before && image(before),
    after: image(after),
    ...(partner === undefined ? {} : { partner: change(partner) }),
  });
  return (line) => change(JSON.parse(line) as StoredChange);
}
