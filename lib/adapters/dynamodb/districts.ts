import { tenantKey } from '../../contracts/sign-on-keys.ts';
import { DISTRICTS_PARTITION, districtPartition, type Key, SETTINGS_SORT } from '../../contracts/table-keys.ts';
import { type DistrictSettings, districtSettingsSchema } from '../../core/district/settings.ts';
import { DistrictHasLeft } from '../../ports/departures.ts';
import type { Districts, VersionedSettings } from '../../ports/districts.ts';
import { TenantTaken } from '../../ports/sso/sign-on-store.ts';
import { hasNotLeft } from './departures.ts';
import { bodyAttribute, bodyOf, holdsBody } from './stored-body.ts';
import { type Condition, type Item, keyItem, type Part, type TableClient } from './table-client.ts';

const settingsKey = (districtId: string): Key => ({ pk: districtPartition(districtId), sk: SETTINGS_SORT });

/**
 * Rows that were written before a setting existed get its default, and a setting of a later version is passed over: while
 * two versions run side by side, neither may stop on the other's rows.
 */
const settingsOf = (item: Item): VersionedSettings => ({
  settings: readSettings(item['body']?.S ?? '', () => bodyOf<Record<string, unknown>>(item)),
  version: Number(item['version']?.N),
});

/** What texts of settings were found to say. The row is read every time: only the same text is not checked again. */
const checked = new Map<string, DistrictSettings>();
/** Checking costs a launch more than any read; a function meets few districts in a minute. */
const MAX_CHECKED = 64;

function readSettings(text: string, parse: () => Readonly<Record<string, unknown>>): DistrictSettings {
  const known = checked.get(text);
  if (known) return known;
  // Shared by all who read it: whoever changed it would change it for others.
  const settings = deepFrozen(districtSettingsSchema.parse(knownSettings(parse())));
  if (checked.size >= MAX_CHECKED) checked.clear();
  checked.set(text, settings);
  return settings;
}

function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null)
    for (const each of Object.values(Object.freeze(value))) deepFrozen(each);
  return value;
}

const KNOWN: ReadonlySet<string> = new Set(Object.keys(districtSettingsSchema.shape));

const knownSettings = (stored: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(stored).filter(([key]) => KNOWN.has(key)));

const isAt = (version: number): Condition =>
  version === 0
    ? { expression: 'attribute_not_exists(pk)' }
    : {
        expression: '#version = :version',
        names: { '#version': 'version' },
        values: { ':version': { N: String(version) } },
      };

/**
 * The look-up from ClassLink's tenant to the district (R20), kept in step with the setting. One tenant is one district:
 * a row of another district is never taken over.
 */
function tenantParts(settings: DistrictSettings, before: DistrictSettings | null): Part[] {
  const { districtId, classLinkTenantId: tenant } = settings;
  const own: Condition = {
    expression: 'attribute_not_exists(pk) OR districtId = :own',
    values: { ':own': { S: districtId } },
  };
  const old = before?.classLinkTenantId ?? null;
  return [
    ...(tenant === null
      ? []
      : [{ put: { ...keyItem(tenantKey(tenant)), districtId: { S: districtId } }, condition: own }]),
    ...(old === null || old === tenant ? [] : [{ remove: tenantKey(old), condition: own }]),
  ];
}

/** Districts in DynamoDB: the settings row, a copy in the list of districts, and the tenant's row, written together. */
export function createDistricts(table: TableClient): Districts {
  return {
    async get(districtId) {
      const item = await table.get(settingsKey(districtId));
      return item && settingsOf(item);
    },
    async list() {
      return (await table.all({ partition: DISTRICTS_PARTITION })).map(settingsOf);
    },
    async save(settings, expectedVersion) {
      const version = expectedVersion + 1;
      const attributes = { version: { N: String(version) }, ...bodyAttribute(settings) };
      const key = settingsKey(settings.districtId);
      const before = expectedVersion === 0 ? null : await table.get(key);
      const parts: readonly Part[] = [
        { put: { ...keyItem(key), ...attributes }, condition: isAt(expectedVersion) },
        { put: { ...keyItem({ pk: DISTRICTS_PARTITION, sk: settings.districtId }), ...attributes } },
        ...tenantParts(settings, before && settingsOf(before).settings),
        hasNotLeft(settings.districtId),
      ];
      const outcome = await table.transact(parts);
      if (outcome.done) return 'saved';
      if (outcome.refused.includes(parts.length - 1)) {
        throw new DistrictHasLeft('the district has left, and its id is not used again');
      }
      if (!outcome.refused.includes(0)) throw new TenantTaken('another district has this ClassLink tenant');
      const stored = await table.get(key);
      return stored?.['version']?.N === String(version) && holdsBody(stored, settings) ? 'saved' : 'conflict';
    },
  };
}
