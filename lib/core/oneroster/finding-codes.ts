import { CELL_FINDINGS } from './finding-kinds/cell-findings.ts';
import { FILE_FINDINGS } from './finding-kinds/file-findings.ts';
import type { FindingKind } from './finding-kinds/finding-kind.ts';
import { HEADER_FINDINGS } from './finding-kinds/header-findings.ts';
import { MANIFEST_FINDINGS } from './finding-kinds/manifest-findings.ts';
import { PACKAGE_FINDINGS } from './finding-kinds/package-findings.ts';
import { RECORD_FINDINGS } from './finding-kinds/record-findings.ts';
import { ROLE_FINDINGS } from './finding-kinds/role-findings.ts';
import { ROW_FINDINGS } from './finding-kinds/row-findings.ts';

/** Every code. A code is added to one of the areas below, in its folder, with cause, example and remedy. */
export const FINDING_KINDS = {
  ...PACKAGE_FINDINGS,
  ...MANIFEST_FINDINGS,
  ...FILE_FINDINGS,
  ...HEADER_FINDINGS,
  ...ROW_FINDINGS,
  ...CELL_FINDINGS,
  ...ROLE_FINDINGS,
  ...RECORD_FINDINGS,
} as const satisfies Record<string, FindingKind>;

export type FindingCode = keyof typeof FINDING_KINDS;

/** Codes that are looked up together, under the title that people see. */
export interface FindingArea {
  readonly title: string;
  readonly kinds: Readonly<Partial<Record<FindingCode, FindingKind>>>;
}

/** The areas in the order in which an export is read. */
export const FINDING_AREAS: readonly FindingArea[] = [
  { title: 'The upload', kinds: PACKAGE_FINDINGS },
  { title: 'manifest.csv and the set of files', kinds: MANIFEST_FINDINGS },
  { title: 'A file as a whole', kinds: FILE_FINDINGS },
  { title: 'The header of a file', kinds: HEADER_FINDINGS },
  { title: 'A row', kinds: ROW_FINDINGS },
  { title: 'A cell', kinds: CELL_FINDINGS },
  { title: 'Roles of OneRoster 1.2', kinds: ROLE_FINDINGS },
  { title: 'How records fit together', kinds: RECORD_FINDINGS },
];

/** Fills `{…}` of a message. */
export function fill(text: string, params: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{([a-z]+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole));
}
