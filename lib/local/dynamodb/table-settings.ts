import type { RequestData } from 'dynalite/db/index.js';
import type { CommitQueue } from './commit-queue.ts';
import { type LevelDatabase, underPrefix } from './level-database.ts';
import { expiryPrefix } from './row-keys.ts';
import { validationError } from './service-error.ts';
import type { TableCatalog } from './table-catalog.ts';
import { fillExpiry } from './table-states.ts';

function tableName(request: RequestData): string {
  const name = request['TableName'];
  if (typeof name === 'string' && name !== '') return name;
  throw validationError("The parameter 'TableName' is required but was not present in the request");
}

/** UpdateTimeToLive: in force when the answer comes (AWS takes up to an hour, and allows one change an hour). */
export function updateTimeToLive(
  request: RequestData,
  catalog: TableCatalog,
  queue: CommitQueue,
  database: LevelDatabase,
): Promise<unknown> {
  const specification = (request['TimeToLiveSpecification'] ?? {}) as { Enabled?: unknown; AttributeName?: unknown };
  const { Enabled: enabled, AttributeName: attribute } = specification;
  if (typeof enabled !== 'boolean' || typeof attribute !== 'string' || attribute === '') {
    throw validationError('TimeToLiveSpecification needs Enabled and AttributeName');
  }
  return queue.alone(async () => {
    const table = catalog.requireActive(tableName(request));
    const { ttlAttribute } = catalog.settings(table.TableName);
    if (enabled && ttlAttribute !== null) throw validationError('TimeToLive is already enabled');
    if (!enabled && ttlAttribute === null) throw validationError('TimeToLive is already disabled');
    if (!enabled && ttlAttribute !== attribute) {
      throw validationError(
        `TimeToLive is active on a different AttributeName: current AttributeName is ${ttlAttribute}`,
      );
    }
    // The rows before the setting, so that a kill in between leaves rows that nobody reads, and not a setting without
    // rows. Turning it off leaves the rows: the next turning on begins with none.
    if (enabled) {
      await database.clear(underPrefix(expiryPrefix(table.TableName)));
      await fillExpiry(table, attribute, database);
    }
    await catalog.changeSettings(table.TableName, { ttlAttribute: enabled ? attribute : null });
    return { TimeToLiveSpecification: { Enabled: enabled, AttributeName: attribute } };
  });
}

/** DescribeTimeToLive. */
export function describeTimeToLive(request: RequestData, catalog: TableCatalog): unknown {
  const { ttlAttribute } = catalog.settings(catalog.requireKnown(tableName(request)).TableName);
  return {
    TimeToLiveDescription:
      ttlAttribute === null
        ? { TimeToLiveStatus: 'DISABLED' }
        : { TimeToLiveStatus: 'ENABLED', AttributeName: ttlAttribute },
  };
}

/** UpdateContinuousBackups: a flag that is remembered; nothing is backed up. */
export async function updateContinuousBackups(request: RequestData, catalog: TableCatalog): Promise<unknown> {
  const table = catalog.requireActive(tableName(request));
  const specification = (request['PointInTimeRecoverySpecification'] ?? {}) as { PointInTimeRecoveryEnabled?: unknown };
  const enabled = specification.PointInTimeRecoveryEnabled;
  if (typeof enabled !== 'boolean') throw validationError('PointInTimeRecoveryEnabled must be given');
  const since = catalog.settings(table.TableName).recoverySince ?? Date.now();
  await catalog.changeSettings(table.TableName, { recoverySince: enabled ? since : null });
  return describeContinuousBackups(request, catalog);
}

/** DescribeContinuousBackups. */
export function describeContinuousBackups(request: RequestData, catalog: TableCatalog): unknown {
  const { recoverySince } = catalog.settings(catalog.requireKnown(tableName(request)).TableName);
  const recovery =
    recoverySince === null
      ? { PointInTimeRecoveryStatus: 'DISABLED' }
      : {
          PointInTimeRecoveryStatus: 'ENABLED',
          RecoveryPeriodInDays: 35,
          EarliestRestorableDateTime: recoverySince / 1000,
          LatestRestorableDateTime: Date.now() / 1000,
        };
  return {
    ContinuousBackupsDescription: { ContinuousBackupsStatus: 'ENABLED', PointInTimeRecoveryDescription: recovery },
  };
}
