import { DISTRICTS_PARTITION, districtPartition, type Key, SETTINGS_SORT } from '../../contracts/table-keys.ts';
import { districtSettingsSchema } from '../../core/district/settings.ts';
import type { Districts, VersionedSettings } from '../../ports/districts.ts';
import { bodyAttribute, bodyOf, holdsBody } from './stored-body.ts';
import { type Condition, type Item, keyItem, type TableClient } from './table-client.ts';

const settingsKey = (districtId: string): Key => ({ pk: districtPartition(districtId), sk: SETTINGS_SORT });

/** Rows that were written before a setting existed get its default. */
const settingsOf = (item: Item): VersionedSettings => ({
  settings: districtSettingsSchema.parse(bodyOf(item)),
  version: Number(item['version']?.N),
});

const isAt = (version: number): Condition =>
  version === 0
    ? { expression: 'attribute_not_exists(pk)' }
    : {
        expression: '#version = :version',
        names: { '#version': 'version' },
        values: { ':version': { N: String(version) } },
      };

/** Districts in DynamoDB: the settings row, and a copy in the list of districts, written together. */
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
      const { done } = await table.transact([
        { put: { ...keyItem(key), ...attributes }, condition: isAt(expectedVersion) },
        { put: { ...keyItem({ pk: DISTRICTS_PARTITION, sk: settings.districtId }), ...attributes } },
      ]);
      if (done) return 'saved';
      const stored = await table.get(key);
      return stored?.['version']?.N === String(version) && holdsBody(stored, settings) ? 'saved' : 'conflict';
    },
  };
}
