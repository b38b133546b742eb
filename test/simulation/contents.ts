import fc from 'fast-check';
import { readTable } from '../../lib/adapters/csv/csv-table.ts';
import type { TableEvent } from '../../lib/core/delivery/table-file.ts';
import { RECORD_KINDS, type RecordKind } from '../../lib/core/oneroster/kinds.ts';
import { wildDeliveries } from '../support/small-deliveries.ts';
import { filesOf, type SmallDelivery, type SmallFile } from '../support/small-delivery.ts';
import { renameUsers, withIdentifiers } from './renamed-users.ts';

/** What an export says: the delivery as the model reads it, and its files as text. */
export interface Content {
  readonly delivery: SmallDelivery;
  readonly files: Readonly<Record<string, string>>;
  /** R7: one of the files cannot be read. */
  readonly damaged: boolean;
}

/** Different exports that a run draws from. Each is a wild small district: damaged rows, duplicates, deltas and all. */
export const CONTENT_COUNT = 400;

const drawn = new Map<number, SmallDelivery>();

/** The n-th delivery; always the same. */
function deliveryAt(number: number): SmallDelivery {
  let delivery = drawn.get(number);
  if (delivery === undefined) {
    [delivery] = fc.sample(wildDeliveries, { seed: 1000 + number, numRuns: 1 });
    delivery = withIdentifiers(delivery!);
    drawn.set(number, delivery);
  }
  return delivery;
}

export interface ContentWish {
  readonly number: number;
  /** Without one every file is bulk, and all are there: a set of loose files is never whole otherwise. */
  readonly withManifest: boolean;
  readonly damaged: boolean;
  /** How often the SIS has given its users new sourcedIds. */
  readonly generation: number;
}

const written = new Map<string, Content>();

/** The n-th export, written as wished. */
export function contentAt(wish: ContentWish): Content {
  const name = JSON.stringify(wish);
  const content = written.get(name) ?? writeContent(wish);
  written.set(name, content);
  return content;
}

function writeContent({ number, withManifest, damaged, generation }: ContentWish): Content {
  const drawnDelivery = renameUsers(deliveryAt(number), generation);
  const delivery = withManifest ? drawnDelivery : allBulk(drawnDelivery);
  const files = filesOf(delivery);
  if (!withManifest) delete files['manifest.csv'];
  // A NUL byte behind the last row: the survey sees nothing, the plan does (R7).
  if (damaged) for (const name of readFiles(delivery)) files[name] += '\u0000';
  return { delivery, files, damaged };
}

const allBulk = (delivery: SmallDelivery): SmallDelivery =>
  Object.fromEntries(
    RECORD_KINDS.map((kind): [RecordKind, SmallFile] => {
      const { mode, rows } = delivery[kind];
      return [kind, { mode: mode === 'delta' ? 'bulk' : mode === 'absent' ? 'header-only' : mode, rows }];
    }),
  ) as SmallDelivery;

const readFiles = (delivery: SmallDelivery): string[] =>
  Object.keys(filesOf(delivery)).filter((name) => name !== 'manifest.csv');

/** The last kind's file that has rows, cut at a row end: what the file itself cannot show (R16). */
export function cutAtRowEnd(text: string): string {
  const rows = text.trimEnd().split('\r\n');
  return rows.length < 2 ? text : `${rows.slice(0, Math.ceil(rows.length / 2)).join('\r\n')}\r\n`;
}

const parsed = new Map<string, readonly TableEvent[]>();

/** A CSV text as the CSV adapter reads it, parsed once. */
export async function eventsOf(text: string): Promise<readonly TableEvent[]> {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const bytes = new TextEncoder().encode(text);
  const events: TableEvent[] = [];
  for await (const event of readTable(async function* () {
    yield bytes.slice();
  })) {
    events.push(event);
  }
  parsed.set(text, events);
  return events;
}
