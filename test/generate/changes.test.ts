import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dialect } from '../../lib/generate/dialect.ts';
import { generateDistrict } from '../../lib/generate/generate-district.ts';
import type { DistrictOptions } from '../../lib/generate/options.ts';
import { writeChanges, writeExport } from '../../lib/generate/write-export.ts';
import { type ReadExport, readExport } from './read-export.ts';

interface Counts {
  add: number;
  update: number;
  deactivate: number;
  reactivate: number;
  unchanged: number;
}

const FILES = ['orgs', 'academicSessions', 'courses', 'classes', 'users', 'enrollments', 'demographics'];

/** A table that applies exports one after the other, the slow and obvious way. */
class ObviousTable {
  private readonly active = new Map<string, string>();
  private readonly inactive = new Set<string>();

  apply(rows: readonly Readonly<Record<string, string>>[]): Counts {
    const counts: Counts = { add: 0, update: 0, deactivate: 0, reactivate: 0, unchanged: 0 };
    const delivered = new Map(rows.map((row) => [row['sourcedId'] ?? '', JSON.stringify(Object.entries(row).sort())]));
    for (const id of this.active.keys()) {
      if (delivered.has(id)) continue;
      this.active.delete(id);
      this.inactive.add(id);
      counts.deactivate += 1;
    }
    for (const [id, text] of delivered) {
      if (this.active.has(id)) counts[this.active.get(id) === text ? 'unchanged' : 'update'] += 1;
      else counts[this.inactive.delete(id) ? 'reactivate' : 'add'] += 1;
      this.active.set(id, text);
    }
    return counts;
  }
}

type Case = readonly [name: string, options: Partial<DistrictOptions> & { students: number }, dialects: Dialect[]];
const cases: Case[] = [
  ['a quiet town', { students: 700, seed: '1', churn: 0.02 }, []],
  ['a busy town', { students: 400, seed: 'busy', churn: 0.3, guardians: true, demographics: true }, []],
  ['everybody changes', { students: 150, seed: '3', churn: 1, uuid: true }, []],
  ['dates of last change', { students: 300, seed: '4', churn: 0.2, demographics: true }, ['status', 'shuffled']],
  ['nothing changes', { students: 60, seed: '5', churn: 0 }, ['status']],
  ['one student', { students: 1, seed: '6', churn: 0.5 }, []],
];

describe('changes.json says what a sync must do', () => {
  const root = mkdtempSync(join(tmpdir(), 'changes-'));
  afterAll(() => rmSync(root, { recursive: true }));

  test.each(cases)('%s', async (name, options, dialects) => {
    const tables = new Map(FILES.map((file) => [file, new ObviousTable()]));
    const out = join(root, name);
    for (const day of generateDistrict({ ...options, days: name === 'everybody changes' ? 12 : 5 })) {
      const folder = join(out, `day-${day.number}`);
      await writeExport(day, folder, { dialects: new Set(dialects) });
      await writeChanges(day, `${folder}.changes.json`);
      const read: ReadExport = readExport(folder);
      const expected = Object.fromEntries(FILES.map((file) => [file, tables.get(file)?.apply(read.get(file) ?? [])]));
      const said = JSON.parse(readFileSync(`${folder}.changes.json`, 'utf8'));
      expect(said).toEqual({ changes: expected });
      expect(Object.keys(said.changes)).toEqual(FILES);
    }
  });

  test('all four ways to change happen to users, classes and enrollments', () => {
    const seen = { users: new Set<string>(), enrollments: new Set<string>(), classes: new Set<string>() };
    for (const day of generateDistrict({ students: 1_500, seed: '8', churn: 0.25, days: 8 })) {
      for (const file of ['users', 'enrollments', 'classes'] as const) {
        for (const [op, count] of Object.entries(day.changes[file]))
          if (count > 0 && day.number > 1) seen[file].add(op);
      }
    }
    const all = ['add', 'deactivate', 'reactivate', 'unchanged', 'update'];
    expect(Object.values(seen).map((each) => [...each].sort())).toEqual([all, all, all]);
  });
});
