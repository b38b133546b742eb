import { StringDecoder } from 'node:string_decoder';
import type { RecordKind } from '../../core/oneroster/kinds.ts';
import { idOfLine, joinLine, valuesOfLine } from '../../core/oneroster/record-line.ts';
import { storedColumnsOf } from '../../core/oneroster/tables.ts';
import type { Change, ChangeOp, RecordImage, RecordStatus } from '../../core/plan/change.ts';

/** One change as a line of a plan. Values are aligned with the columns that the first line of the section names. */
interface ChangeLine {
  readonly op: ChangeOp;
  readonly sourcedId: string;
  readonly productId: string;
  readonly before: ImageLine | null;
  readonly after: ImageLine;
}

interface ImageLine {
  readonly status: RecordStatus;
  readonly values: readonly string[];
}

/** First line of a section: what the values of its changes mean, also for a later version of Rollcall. */
export const sectionHeader = (kind: RecordKind): string =>
  `${JSON.stringify({ kind, columns: storedColumnsOf(kind).map((column) => column.name) })}\n`;

/** A change as a line, with its line feed. */
export function encodeChange({ op, productId, before, after }: Change): string {
  const sourcedId = idOfLine(after.line);
  const line: ChangeLine = { op, sourcedId, productId, before: before && imageLine(before), after: imageLine(after) };
  return `${JSON.stringify(line)}\n`;
}

const imageLine = ({ status, line }: RecordImage): ImageLine => ({ status, values: valuesOfLine(line) });

/** Reads the lines of a section, skipping the first `offset` changes. */
export class ChangeReader {
  readonly #kind: RecordKind;
  readonly #decoder = new StringDecoder('utf8');
  #skip: number;
  #rest = '';
  /** Where the values of today's columns stand in the section's lines; null until its header was read. */
  #positions: readonly number[] | null = null;

  constructor(kind: RecordKind, offset: number) {
    this.#kind = kind;
    this.#skip = offset;
  }

  /** Whether everything read so far ended in whole lines. */
  get ended(): boolean {
    return this.#rest === '';
  }

  push(chunk: Buffer): Change[] {
    const lines = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = lines.pop() ?? '';
    const changes: Change[] = [];
    for (const line of lines) {
      if (this.#positions === null) this.#positions = this.#readHeader(line);
      else if (this.#skip > 0) this.#skip--;
      else changes.push(this.#decode(JSON.parse(line) as ChangeLine));
    }
    return changes;
  }

  #readHeader(line: string): readonly number[] {
    const { columns } = JSON.parse(line) as { readonly columns: readonly string[] };
    return storedColumnsOf(this.#kind).map((column) => columns.indexOf(column.name));
  }

  #decode({ op, sourcedId, productId, before, after }: ChangeLine): Change {
    const image = ({ status, values }: ImageLine): RecordImage => ({
      status,
      line: joinLine(sourcedId, this.#positions!.map((position) => values[position] ?? '')),
    });
    return { op, kind: this.#kind, productId, before: before && image(before), after: image(after) };
  }
}
