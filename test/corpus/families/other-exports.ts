import { districtExport } from '../district.ts';
import { BASE, BASE_FILES, LAST_TERM, TONIGHT, TONIGHT_FILES, YESTERDAY } from '../exports.ts';
import { bothWays, type Family, type Fault, zipped } from '../fault.ts';
import { FILE_NAMES, ROSTER_NAMES } from '../standard.ts';
import { type Export, filesOf, mapColumn, mapTable } from '../tables.ts';

/** Two exports file by file: `from(name)` says whose. */
const mixed = (one: Export, other: Export, takesOther: (at: number) => boolean): Export =>
  Object.fromEntries(FILE_NAMES.map((name, at) => [name, (takesOther(at) ? other : one)[name]])) as Export;

function* foreign(): Generator<Fault> {
  const districts: Readonly<Record<string, Export>> = {
    'another district': districtExport({ ids: 2, names: 2 }),
    'another district with the same names': districtExport({ ids: 2, names: 1 }),
    'another district with the same ids': districtExport({ ids: 1, names: 2 }),
  };
  for (const [what, other] of Object.entries(districts)) {
    yield* bothWays({ name: what, files: filesOf(other), mayChange: 'files' });
    for (const [place, name] of FILE_NAMES.entries()) {
      if (name === 'manifest') continue;
      const one = filesOf(mixed(TONIGHT, other, (at) => at === place));
      yield* bothWays({ name: `${name}.csv of ${what}`, files: one, mayChange: 'files' });
      const allBut = filesOf(mixed(other, TONIGHT, (at) => at === place));
      yield* bothWays({ name: `all but ${name}.csv of ${what}`, files: allBut, mayChange: 'files' });
    }
  }
  let both = BASE;
  for (const name of ROSTER_NAMES) {
    const rows = districtExport({ ids: 2, names: 2 })[name].rows;
    both = mapTable(both, name, (table) => ({ ...table, rows: [...table.rows, ...rows] }));
  }
  yield* bothWays({ name: 'two districts in one', files: filesOf(both), mayChange: 'files' });
}

/** The same, with the years, classes and enrollments of another year. */
function lastYear(): Export {
  let tables = BASE;
  for (const name of ['classes', 'enrollments'] as const) {
    tables = mapTable(tables, name, (table) => mapColumn(table, 'sourcedId', (id) => `old-${id}`));
  }
  return mapTable(tables, 'enrollments', (table) => mapColumn(table, 'classSourcedId', (id) => `old-${id}`));
}

function* older(): Generator<Fault> {
  const nights = { "yesterday's export": YESTERDAY, "last term's export": LAST_TERM, "last year's export": lastYear() };
  for (const [what, night] of Object.entries(nights)) {
    yield* bothWays({ name: what, files: filesOf(night), mayChange: 'files' });
    yield {
      ...{ name: `${what}, uploaded before and heard of after`, packaging: 'zip', files: filesOf(night) },
      ...{ mayChange: 'nothing', endings: ['superseded'] },
      upload: async (bench) => {
        // Its event is late; the good export that came after it is applied first.
        const late = bench.world.put('late.zip', zipped(filesOf(night)));
        bench.world.clock.advanceSeconds(60);
        await bench.put(bench.base);
        await bench.world.run();
        bench.world.clock.advanceSeconds(3600);
        await bench.world.claim(late);
      },
    };
  }
}

function* mixes(): Generator<Fault> {
  for (const [place, name] of FILE_NAMES.entries()) {
    const one = filesOf(mixed(TONIGHT, YESTERDAY, (at) => at === place));
    yield* bothWays({ name: `${name}.csv of yesterday`, files: one, mayChange: 'files' });
    const first = filesOf(mixed(TONIGHT, YESTERDAY, (at) => at <= place));
    yield* bothWays({ name: `up to ${name}.csv of yesterday`, files: first, mayChange: 'files' });
    const old = filesOf(mixed(TONIGHT, LAST_TERM, (at) => at === place));
    yield* bothWays({ name: `${name}.csv of last term`, files: old, mayChange: 'files' });
  }
}

/** Exports without a fault: whoever holds or refuses everything is found out here. */
function* sound(): Generator<Fault> {
  yield* bothWays({ name: 'the same export again', files: BASE_FILES, mayChange: 'nothing', endings: ['unchanged'] });
  yield* bothWays({ name: 'the next night', files: TONIGHT_FILES, mayChange: 'files', endings: ['applied'] });
  for (const [what, dialect] of [
    ['CR LF', { lineEnd: '\r\n' }],
    ['all cells quoted', { quoteAll: true }],
  ] as const) {
    const files = filesOf(TONIGHT, dialect);
    yield* bothWays({ name: `the next night, ${what}`, files, mayChange: 'files', endings: ['applied'] });
  }
}

/** Exports that are whole, and not the one that is due. */
export const EXPORT_FAMILIES: readonly Family[] = [
  { name: 'no fault (must be applied)', faults: sound },
  { name: "another district's files", faults: foreign },
  { name: 'an older export after the newer', faults: older },
  { name: 'files of two days mixed', faults: mixes },
];
