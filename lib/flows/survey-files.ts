import { type Survey, surveyUpload } from '../core/delivery/survey.ts';
import type { DistrictSettings } from '../core/district/settings.ts';
import { FindingLog } from '../core/oneroster/finding-log.ts';
import type { DeliveryFile } from '../core/sync/sync.ts';
import type { ClaimPorts } from './claim-ports.ts';

/** Looks what claimed files are, before any row of data is read. `broken`: a zip that is cut or damaged (R16). */
export async function surveyFiles(
  ports: ClaimPorts,
  settings: DistrictSettings,
  packaging: 'zip' | 'files',
  files: readonly DeliveryFile[],
): Promise<{ survey: Survey; broken: boolean }> {
  const upload = await ports.reader.open({ packaging }, files, settings);
  try {
    const survey = await surveyUpload(upload, new FindingLog(0));
    // An archive that is refused for another reason is whole: its plan says why.
    const cut = upload.faults.length === 0 && (await upload.isIntact?.()) === false;
    return { survey, broken: cut || upload.faults.includes('zip-broken') };
  } finally {
    await upload.close();
  }
}

/** The roster files that a readable upload brings in full. */
export const bulkFilesOf = (survey: Survey): string[] => filesOf(survey, 'bulk');

/** The roster files of which a readable upload brings changes. */
export const deltaFilesOf = (survey: Survey): string[] => filesOf(survey, 'delta');

const filesOf = ({ verdict, files }: Survey, mode: 'bulk' | 'delta'): string[] =>
  verdict === 'rejected' ? [] : [...files.values()].filter((each) => each.mode === mode).map(({ file }) => file);

/** R15: newer is the later LastModified of the last object (whole seconds in S3), then what was whole later. */
export const orderOf = (files: readonly DeliveryFile[], receivedAt: string, deliveryId: string): string =>
  `${
    files
      .map((file) => file.lastModified)
      .sort()
      .at(-1) ?? ''
  }#${receivedAt}#${deliveryId}`;
