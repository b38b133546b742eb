import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FINDING_AREAS, FINDING_KINDS } from '../../lib/core/oneroster/finding-codes.ts';
import type { FindingKind } from '../../lib/core/oneroster/finding-kinds/finding-kind.ts';
import { findingsPage } from '../../lib/pages/findings-page.ts';
import { productSources } from '../house/sources.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/findings.md'), 'utf8');
const kinds: [string, FindingKind][] = Object.entries(FINDING_KINDS);

test('docs/findings.md is what the code table says: `npx tsx bin/write-findings-doc.ts` writes it anew', () => {
  expect(page).toBe(findingsPage(FINDING_AREAS));
});

test('every code stands in exactly one area', () => {
  const codes = FINDING_AREAS.flatMap((area) => Object.keys(area.kinds));
  expect(codes).toEqual([...new Set(codes)]);
  expect(codes.toSorted()).toEqual(kinds.map(([code]) => code).toSorted());
});

test.each(kinds)('%s says in whole sentences what is wrong, why, and what to do', (_code, kind) => {
  const { says, cause, hint, example } = kind;
  for (const text of [says, cause, hint, example]) expect(text).toMatch(/^\S.{6,}\S$/);
  for (const text of [says, cause, hint, example]) expect(text).toMatch(/[.…]$/);
  expect(cause.length).toBeGreaterThan(30);
  expect(cause).not.toBe(says);
  expect(`${cause}${example}`).not.toMatch(/\{[a-z]+\}/);
});

/** The code of the engine and its readers; lines of a union of codes are not where one is found. */
const emitting = productSources()
  .filter(({ path }) => /^lib\/(core|adapters|flows)\//.test(path) && !path.includes('/finding-kinds/'))
  .flatMap(({ text }) => text.split('\n'))
  .filter((line) => !/^\s*\|/.test(line))
  .join('\n');

test.each(kinds.map(([code]) => code))('%s is found somewhere', (code) => {
  expect(emitting).toContain(`'${code}'`);
});

test('every link of the page leads to a heading of it', () => {
  const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^a-z0-9\- ]/g, '')
      .replaceAll(' ', '-'),
  );
  const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
  expect(links.length).toBe(kinds.length + FINDING_AREAS.length);
  expect(links.filter((anchor) => !anchors.includes(anchor ?? ''))).toEqual([]);
});
