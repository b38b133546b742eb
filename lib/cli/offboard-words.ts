import { writeFile } from 'node:fs/promises';
import {
  certificateOf,
  type DeletionCertificate,
  describeObjects,
  describeRows,
} from '../core/district/deletion-certificate.ts';
import type { Departure, DistrictHoldings } from '../core/district/departure.ts';
import { RECORD_KINDS } from '../core/oneroster/kinds.ts';
import { countObjects, countRows } from '../flows/offboard/count-holdings.ts';
import { deletionCertificate } from '../pages/deletion-certificate.ts';
import { sheetAsHtml } from '../pages/set-up-sheet-html.ts';
import { sheetAsMarkdown } from '../pages/set-up-sheet-markdown.ts';
import type { VersionedSettings } from '../ports/districts.ts';
import { CommandError, formatTable, printJson, printLine } from './output.ts';
import type { Target } from './target.ts';

interface Options {
  readonly json?: true;
  readonly out?: string;
}

/** The dry run: counts what would go, and what would stay for the product to delete. */
export async function tellWouldGo(
  target: Target,
  { settings }: VersionedSettings,
  { json, out }: Options,
): Promise<void> {
  if (out !== undefined) {
    const hint = `Add --yes-delete ${settings.districtId} to delete it, or leave --out away to count.`;
    throw new CommandError('no-certificate', 'Nothing is deleted yet, so there is nothing to certify.', hint);
  }
  const { districtId, name } = settings;
  const rows = await countRows(target, districtId);
  const objects = await objectsOf(target, districtId);
  const manual = countsOf(await manualRecordsOf(target, districtId));
  if (json) printJson({ district: districtId, dryRun: true, rows, objects, manualRecords: manual });
  else {
    const counts = [...describeRows(rows), ...(objects === null ? [] : describeObjects(objects))];
    printLine(`${name} (${districtId}) would be deleted for good:\n`);
    printLine(formatTable(['what', 'how many'], counts));
    if (objects === null) printLine('\nIts files, in all versions: not counted, your role may not list them.');
    for (const [kind, count] of Object.entries(manual)) printLine(`Stays, the product's own: ${count} ${kind} records`);
    printLine(`\nNothing was deleted. \`--yes-delete ${districtId}\` deletes it; there is no way back.`);
  }
}

/** Null where the caller may not list the buckets; the function that deletes may. */
async function objectsOf(target: Target, districtId: string): Promise<DistrictHoldings['objects'] | null> {
  try {
    return await countObjects(target, districtId);
  } catch (thrown) {
    if (/^AccessDenied/.test((thrown as Error).name)) return null;
    throw thrown;
  }
}

/** A district that has left, or is about to: its certificate, or how far it is. */
export async function tellDeparture(target: Target, departure: Departure, { json, out }: Options): Promise<void> {
  const { districtId, name, leftAt } = departure;
  const certificate = certificateOf(departure, await manualRecordsOf(target, districtId));
  if (certificate === null) {
    const message = `${name} (${districtId}) has left at ${leftAt} and is being deleted.`;
    const hint = `Wait for it with --yes-delete ${districtId}.`;
    throw new CommandError('being-deleted', message, hint);
  }
  if (out !== undefined) await writeFile(out, textOf(certificate, out));
  if (json) printJson({ district: districtId, deleted: true, certificate, ...(out === undefined ? {} : { out }) });
  else printLine(out === undefined ? textOf(certificate, '') : `${districtId} is deleted. Certificate: ${out}`);
}

function textOf(certificate: DeletionCertificate, out: string): string {
  if (out.endsWith('.json')) return `${JSON.stringify(certificate, null, 2)}\n`;
  const document = deletionCertificate(certificate);
  return out.endsWith('.html') ? sheetAsHtml(document) : sheetAsMarkdown(document);
}

/** The productIds of records that were made in the product, by kind; kinds without any are left out (R2). */
async function manualRecordsOf(target: Target, districtId: string): Promise<DeletionCertificate['manualRecords']> {
  const kinds = await Promise.all(
    RECORD_KINDS.map(async (kind) => {
      const records = await target.manualRecords(districtId, kind);
      return [kind, records.map(({ productId }) => productId)] as const;
    }),
  );
  return Object.fromEntries(kinds.filter(([, ids]) => ids.length > 0));
}

const countsOf = (manual: DeletionCertificate['manualRecords']): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(manual).map(([kind, ids]) => [kind, ids.length]));
