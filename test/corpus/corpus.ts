import { BASE, BASE_FILES, TONIGHT_FILES } from './exports.ts';
import { BYTE_FAMILIES } from './families/bytes.ts';
import { COLUMN_FAMILIES } from './families/columns.ts';
import { cutFamilies } from './families/cuts.ts';
import { ID_FAMILIES } from './families/ids.ts';
import { MANIFEST_FAMILIES } from './families/manifests.ts';
import { EXPORT_FAMILIES } from './families/other-exports.ts';
import { ROW_FAMILIES } from './families/rows.ts';
import { UPLOAD_FAMILIES } from './families/uploads.ts';
import { WHOLE_FILE_FAMILIES } from './families/whole-files.ts';
import { ZIP_FAMILIES } from './families/zips.ts';
import type { Family } from './fault.ts';
import { Judge } from './judge.ts';
import { filesOf } from './tables.ts';

/** A judge of this corpus: the base is applied before each fault. */
export const corpusJudge = (open?: ConstructorParameters<typeof Judge>[2]): Judge =>
  new Judge(BASE_FILES, TONIGHT_FILES, open);

/** Every fault, in families. */
export const FAMILIES: readonly Family[] = [
  ...cutFamilies(BASE_FILES, filesOf(BASE, { lineEnd: '\r\n', quoteAll: true })),
  ...WHOLE_FILE_FAMILIES,
  ...COLUMN_FAMILIES,
  ...EXPORT_FAMILIES,
  ...ID_FAMILIES,
  ...ROW_FAMILIES,
  ...MANIFEST_FAMILIES,
  ...BYTE_FAMILIES,
  ...ZIP_FAMILIES,
  ...UPLOAD_FAMILIES,
];
