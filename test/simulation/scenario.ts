import { homePrefix } from '../../lib/contracts/object-keys.ts';
import { type DistrictSettings, districtSettingsSchema } from '../../lib/core/district/settings.ts';
import { Chance } from './chance.ts';
import { drawActs, type PersonAct } from './commands.ts';
import type { Content } from './contents.ts';
import { drawLimits } from './district-habits.ts';
import type { FaultRates } from './faults.ts';
import { drawEdits, type PortalAct } from './portal-acts.ts';
import { type Export, ExportWriter } from './uploads.ts';

/** One district and all that happens to it from outside. */
export interface DistrictScenario {
  readonly settings: DistrictSettings;
  readonly exports: readonly Export[];
  readonly portal: readonly PortalAct[];
  readonly person: readonly PersonAct[];
  readonly strays: readonly Stray[];
}

/** An object that is no part of any export and stays where it is. */
export interface Stray {
  readonly key: string;
  readonly atMillis: number;
  readonly text: string;
}

/** A whole run before anything goes wrong; made from the seed alone. */
export interface Scenario {
  readonly seed: number;
  readonly districts: readonly DistrictScenario[];
  readonly rates: FaultRates;
  readonly leaseSeconds: number;
  /** After which SQS shows a message again that nobody deleted, seconds. */
  readonly visibilitySeconds: number;
  /** How long a function may run; the apply keeps 60 of them in reserve and sends itself the rest. */
  readonly functionSeconds: number;
  /** Faults end then, milliseconds. */
  readonly faultsEndMillis: number;
  /** `watch` looks so often, seconds. */
  readonly watchSeconds: number;
}

/** What a repetition leaves out, to find the shortest failing run. */
export interface Omissions {
  /** Names of exports, Portal acts and commands. */
  readonly acts: ReadonlySet<string>;
  readonly faults: ReadonlySet<string>;
}

export const NOTHING_OMITTED: Omissions = { acts: new Set(), faults: new Set() };

/** One begins like another: a prefix is not a district (R3). */
const NAMES = ['acme', 'acme-2', 'birch'];

/** Draws a scenario. */
export function drawScenario(seed: number, { acts }: Pick<Omissions, 'acts'> = NOTHING_OMITTED): Scenario {
  const chance = Chance.named(seed, 'scenario');
  const districts = NAMES.slice(0, chance.integer(1, 3)).map((districtId) => drawDistrict(seed, districtId, acts));
  const lastMillis = Math.max(0, ...districts.flatMap((district) => district.exports.map(endOf)));
  return {
    seed,
    districts,
    rates: {
      mood: chance.pick(['anything', 'anything', 'late']),
      call: chance.pick([0, 0.005, 0.02, 0.02, 0.05]),
      message: chance.pick([0, 0.05, 0.1]),
      longestSeconds: chance.pick([300, 3600, 7200]),
    },
    leaseSeconds: chance.pick([30, 120]),
    visibilitySeconds: chance.pick([60, 300, 1800]),
    functionSeconds: chance.pick([62, 90, 300]),
    faultsEndMillis: lastMillis + 1000 * chance.integer(60, 7200),
    watchSeconds: chance.pick([900, 1800, 3600]),
  };
}

const endOf = ({ pieces }: Export): number => Math.max(...pieces.map(({ atMillis }) => atMillis));

/** Reports of our own, a folder, uploads under way under another name, what is empty or nothing of ours (design §4). */
const STRAYS: readonly (readonly [name: string, text: string])[] = [
  ['reports/2026-11-23/findings.csv', 'code,file'],
  ['test/', ''],
  ['users.csv.filepart', 'sourcedId'],
  ['.users.csv', 'sourcedId'],
  ['orgs.csv.tmp', 'sourcedId'],
  ['notes.txt', 'hello'],
  ['empty/orgs.csv', ''],
];

function drawDistrict(seed: number, districtId: string, omitted: ReadonlySet<string>): DistrictScenario {
  const chance = Chance.named(seed, districtId);
  const settings = districtSettingsSchema.parse({
    districtId,
    name: districtId,
    ...drawLimits(Chance.named(seed, `${districtId} limits`)),
    firstSync: chance.happens(0.15) ? 'hold' : 'apply',
    storeDemographics: true,
    quietSeconds: chance.pick([20, 180]),
  });
  const writer = new ExportWriter(settings, chance, Chance.named(seed, `${districtId} failures`));
  const exports = Array.from({ length: chance.integer(1, 5) }, (_, number) => writer.draw(number));
  const portal = drawEdits(districtId, chance, Math.max(...exports.map(endOf)) + 3_600_000);
  const person = drawActs(
    districtId,
    Chance.named(seed, `${districtId} person`),
    Math.max(...exports.map(endOf)) + 7_200_000,
  );
  const home = homePrefix(districtId);
  const strays = STRAYS.filter(() => chance.happens(0.1)).map(([name, text]) => ({
    key: home + name,
    text,
    atMillis: chance.integer(0, 3_600_000),
  }));
  return {
    settings,
    strays,
    exports: exports.filter(({ name }) => !omitted.has(name)),
    portal: portal.filter(({ name }) => !omitted.has(name)),
    person: person.filter(({ name }) => !omitted.has(name)),
  };
}

/** What the engine must say of an export that was claimed as it was meant (R7, R16). */
export const verdictOf = ({ damaged }: Content): 'accepted' | 'rejected' => (damaged ? 'rejected' : 'accepted');
