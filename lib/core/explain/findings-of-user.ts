import { recogniseFileName } from '../delivery/file-names.ts';
import type { Finding } from '../oneroster/finding.ts';
import { FILE_FINDINGS } from '../oneroster/finding-kinds/file-findings.ts';
import { HEADER_FINDINGS } from '../oneroster/finding-kinds/header-findings.ts';
import { MANIFEST_FINDINGS } from '../oneroster/finding-kinds/manifest-findings.ts';
import { PACKAGE_FINDINGS } from '../oneroster/finding-kinds/package-findings.ts';
import type { RowOfUser } from './user-facts.ts';

/** Files whose rows have the user's own sourcedId: a class may well have the same id as a user. */
const OWN_FILES: ReadonlySet<string | undefined> = new Set(['users', 'demographics']);

/** The findings that are about a user: about a row of theirs, about their sourcedId, or about them in a re-key (R12). */
export function findingsOfUser(
  findings: readonly Finding[],
  sourcedId: string,
  rows: readonly Pick<RowOfUser, 'name' | 'row'>[],
): readonly Finding[] {
  const places = new Set(rows.map(({ name, row }) => placeOf(name, row)));
  return findings.filter((finding) => {
    const { file, row } = finding;
    if (file === null) return finding.sourcedId === sourcedId && finding.code.startsWith('rekey-');
    if (row !== null && places.has(placeOf(file, row))) return true;
    return finding.sourcedId === sourcedId && OWN_FILES.has(recogniseFileName(file)?.file);
  });
}

const placeOf = (file: string, row: number): string => `${file}\n${row}`;

const ABOUT_FILES = { ...PACKAGE_FINDINGS, ...MANIFEST_FINDINGS, ...FILE_FINDINGS, ...HEADER_FINDINGS };

/** Whether it says why an upload, or a file as a whole, does not count (R7, R16). */
export const isAboutFile = ({ code, severity }: Pick<Finding, 'code' | 'severity'>): boolean =>
  severity === 'error' && Object.hasOwn(ABOUT_FILES, code);
