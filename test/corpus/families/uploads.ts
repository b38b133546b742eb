import { DISTRICT } from '../../flows/flow-world.ts';
import type { Bench } from '../bench.ts';
import { TONIGHT_FILES, YESTERDAY } from '../exports.ts';
import { type Ending, type Family, type Fault, zipped } from '../fault.ts';
import { type Files, filesOf, withFiles } from '../tables.ts';

const NAMES = Object.keys(TONIGHT_FILES);
const some = (files: Files, takes: (at: number) => boolean): Files =>
  Object.fromEntries(NAMES.filter((_, at) => takes(at)).map((name) => [name, files[name] ?? new Uint8Array()]));

const loose = (
  name: string,
  upload: (bench: Bench) => Promise<void>,
  mayChange: Fault['mayChange'],
  endings: readonly Ending[],
  files: Files = TONIGHT_FILES,
): Fault => ({ name, packaging: 'files', files, mayChange, endings, upload });

/** Sends, and lets everything that follows happen. */
async function sendAndRest({ world }: Bench, files: Files, thenSeconds: number): Promise<void> {
  await world.send(files);
  await world.run();
  world.clock.advanceSeconds(thenSeconds);
}

function* interrupted(): Generator<Fault> {
  for (let sent = 1; sent < NAMES.length; sent++) {
    const begun = some(TONIGHT_FILES, (at) => at < sent);
    const last = NAMES[sent - 1] ?? '';
    yield loose(`broken off after ${last}`, (bench) => bench.put(begun), 'nothing', ['incomplete'], begun);
    const cut = withFiles(begun, { [last]: begun[last]?.slice(0, -30) ?? null });
    yield loose(`broken off within ${last}`, (bench) => bench.put(cut), 'nothing', ['incomplete'], cut);
    yield loose(
      `broken off within ${last}, all sent again within the quiet time`,
      async (bench) => {
        await bench.world.send(cut);
        bench.world.clock.advanceSeconds(100);
        await bench.put(TONIGHT_FILES);
      },
      'files',
      ['applied'],
    );
    yield loose(
      `broken off within ${last}, all sent again an hour later`,
      async (bench) => {
        await sendAndRest(bench, cut, 3600);
        await bench.put(TONIGHT_FILES);
      },
      'files',
      ['applied'],
    );
    yield loose(
      `yesterday's broken off after ${last}, tonight's a day later`,
      async (bench) => {
        await sendAndRest(
          bench,
          some(filesOf(YESTERDAY), (at) => at < sent),
          86_400,
        );
        await bench.put(TONIGHT_FILES);
      },
      'files',
      ['applied'],
    );
    yield loose(
      `the rest an hour after ${last}`,
      async (bench) => {
        await sendAndRest(bench, begun, 3600);
        await bench.put(some(TONIGHT_FILES, (at) => at >= sent));
      },
      'files',
      ['applied'],
    );
    yield loose(
      `the rest a day after ${last}`,
      async (bench) => {
        await sendAndRest(bench, begun, 86_400);
        await bench.put(some(TONIGHT_FILES, (at) => at >= sent));
      },
      'nothing',
      ['incomplete'],
    );
  }
}

/** One after the other, as SFTP does, with pauses longer than the quiet time. */
function* slow(): Generator<Fault> {
  const orders: Readonly<Record<string, readonly string[]>> = {
    'in order': NAMES,
    'in reverse': NAMES.toReversed(),
    'manifest in the middle': [...NAMES.slice(1, 4), NAMES[0] ?? '', ...NAMES.slice(4)],
  };
  for (const [what, names] of Object.entries(orders)) {
    for (const pauseSeconds of [1, 170, 200, 900]) {
      yield loose(
        `one file each ${pauseSeconds} s, ${what}`,
        async (bench) => {
          for (const name of names)
            await sendAndRest(
              bench,
              some(TONIGHT_FILES, (at) => NAMES[at] === name),
              pauseSeconds,
            );
        },
        'files',
        ['applied'],
      );
    }
  }
}

/** What a file is called while it is being sent. */
function* renamed(): Generator<Fault> {
  const zip = zipped(TONIGHT_FILES);
  const half = zip.slice(0, zip.length / 2);
  for (const name of ['export.zip.filepart', 'export.zip.tmp', '.export.zip', 'export.zip.part']) {
    yield {
      ...{
        name: `left behind as ${name}`,
        packaging: 'zip',
        files: TONIGHT_FILES,
        mayChange: 'nothing',
        endings: ['incomplete'],
      },
      upload: async (bench) => void (await bench.world.send({ [name]: half })),
    };
  }
  yield {
    ...{
      name: 'half a zip, the whole one within the quiet time',
      packaging: 'zip',
      files: TONIGHT_FILES,
      mayChange: 'files',
      endings: ['applied'],
    },
    upload: async (bench) => {
      await bench.world.send({ 'export.zip': half });
      bench.world.clock.advanceSeconds(60);
      await bench.put(TONIGHT_FILES);
    },
  };
  yield {
    ...{
      name: 'half a zip, the whole one later',
      packaging: 'zip',
      files: TONIGHT_FILES,
      mayChange: 'files',
      endings: ['applied'],
    },
    upload: async (bench) => {
      await sendAndRest(bench, { 'export.zip': half }, 600);
      await bench.put(TONIGHT_FILES);
    },
  };
  for (const folder of ['test', 'test/monday', 'reports']) {
    yield {
      ...{ name: `below ${folder}/`, packaging: 'zip', files: TONIGHT_FILES, mayChange: 'nothing' },
      upload: async (bench) => void (await bench.world.send({ [`${folder}/export.zip`]: zip })),
    };
  }
  yield {
    ...{
      name: `into another district's home`,
      packaging: 'zip',
      files: TONIGHT_FILES,
      mayChange: 'nothing',
      endings: ['incomplete'],
    },
    upload: async ({ world }) => {
      const object = world.objects.upload(`home/${DISTRICT}-two/export.zip`, zip);
      await world.claim(object);
    },
  };
}

/** Uploads that break off, come in parts, or under another name. */
export const UPLOAD_FAMILIES: readonly Family[] = [
  { name: 'an upload broken off', faults: interrupted },
  { name: 'a slow upload (must be applied)', faults: slow },
  { name: 'fragments, temporary names, other folders', faults: renamed },
];
