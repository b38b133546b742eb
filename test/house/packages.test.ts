import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const record = readFileSync(join(ROOT, 'docs/decisions/0002-packages.md'), 'utf8');
const manifest = readJson('package.json');
const packages = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly license?: string;
  /** How some older packages say it. */
  readonly licenses?: readonly { readonly type: string }[];
}

function readJson(path: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Manifest;
}

/** Rows `| name | version | licence | why |` of the decision record. */
const rows = [...record.matchAll(/^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| (.+) \|$/gm)].map(
  ([, name = '', version = '', licence = '', why = '']) => ({
    name,
    version: version.trim(),
    licence: licence.trim(),
    why: why.trim(),
  }),
);

test.each(packages)(
  '%s %s is in decision 0002 with its exact version and its own licence, and why',
  (name, version) => {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    const { license, licenses } = readJson(`node_modules/${name}/package.json`);
    expect(rows.find((row) => row.name === name)).toMatchObject({ version, licence: license ?? licenses?.[0]?.type });
    expect(rows.find((row) => row.name === name)?.why.length).toBeGreaterThan(10);
  },
);

test('decision 0002 names no package that is gone', () => {
  expect(rows.length).toBeGreaterThan(0);
  const names = packages.map(([name]) => name);
  expect(rows.map(({ name }) => name).filter((name) => !names.includes(name))).toEqual([]);
});
