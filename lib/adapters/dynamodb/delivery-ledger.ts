import { ROSTER_TABLE } from '../../contracts/table-definition.ts';
import {
  claimsPartition,
  deliveriesPartition,
  deliveryFilesPartition,
  districtPartition,
  type Key,
  setSort,
  WAITING_PREFIX,
  waitingSort,
} from '../../contracts/table-keys.ts';
import type { Delivery, DeliveryFile } from '../../core/sync/sync.ts';
import { DistrictHasLeft } from '../../ports/departures.ts';
import type { DeliveryLedger, Lease, OpenSet } from '../../ports/ledger.ts';
import { barredAmong, keepBar } from './barred-uploads.ts';
import { hasNotLeft } from './departures.ts';
import { holdsNumber, leaseKey } from './leases.ts';
import { bodyAttribute, bodyOf, holdsBody } from './stored-body.ts';
import { type Condition, type Item, keyItem, type Part, type TableClient } from './table-client.ts';

const ABSENT: Condition = { expression: 'attribute_not_exists(pk)' };
const SET_PREFIX = setSort('');
const HAS_LEFT = 'the district has left and takes no delivery';

const setKey = (districtId: string, folder: string): Key => ({
  pk: districtPartition(districtId),
  sk: setSort(folder),
});
/** Where a delivery is. */
export const deliveryKey = (districtId: string, deliveryId: string): Key => ({
  pk: deliveriesPartition(districtId),
  sk: deliveryId,
});
const fileKey = (districtId: string, deliveryId: string, name: string): Key => ({
  pk: deliveryFilesPartition(districtId, deliveryId),
  sk: name,
});
const waitingKey = (delivery: Delivery): Key => ({
  pk: districtPartition(delivery.districtId),
  sk: waitingSort(delivery.order, delivery.deliveryId),
});

/** The delivery of a row. Rows that an earlier version wrote lack what came later. */
export const deliveryOf = (item: Item): Delivery => ({ ...ABSENT_LATER, ...bodyOf<Delivery>(item) });

const ABSENT_LATER = { deltaFiles: [] } as const;

const deliveryItem = (delivery: Delivery): Item => ({
  ...keyItem(deliveryKey(delivery.districtId, delivery.deliveryId)),
  state: { S: delivery.state },
  ...bodyAttribute(delivery),
});

const inState = (state: Delivery['state']): Condition => ({
  expression: '#state = :state',
  names: { '#state': 'state' },
  values: { ':state': { S: state } },
});

const setIsOf = (deliveryId: string): Condition => ({
  expression: 'deliveryId = :deliveryId',
  values: { ':deliveryId': { S: deliveryId } },
});

/**
 * The set is of this delivery, and no more names of files were ever added to it. That each of the files is there is checked
 * beside it, so no more is as many; a set that was opened before names were kept may have fewer.
 */
const setHas = (deliveryId: string, files: number): Condition => ({
  expression: 'deliveryId = :deliveryId AND (attribute_not_exists(fileNames) OR size(fileNames) <= :files)',
  values: { ':deliveryId': { S: deliveryId }, ':files': { N: String(files) } },
});

/** A delivery in state `received` waits: a row that the next worker finds, whatever became of messages. */
const waitingParts = (delivery: Delivery): Part[] =>
  delivery.state === 'received' ? [{ put: { ...keyItem(waitingKey(delivery)), ...bodyAttribute(delivery) } }] : [];

/** Deliveries and their files in DynamoDB. Failure: `ServiceBusy`. */
export function createDeliveryLedger(table: TableClient): DeliveryLedger {
  const getDelivery = (districtId: string, deliveryId: string) => table.get(deliveryKey(districtId, deliveryId));
  return {
    openSet: (districtId, folder, deliveryId, at) => openSet(table, districtId, folder, deliveryId, at),
    async openSets(districtId) {
      const items = await table.all({ partition: districtPartition(districtId), sortPrefix: SET_PREFIX });
      return items.map((item) => ({ folder: (item['sk']?.S ?? '').slice(SET_PREFIX.length), ...openSetOf(item) }));
    },
    addFile: (districtId, folder, deliveryId, file) => addFile(table, districtId, folder, deliveryId, file),
    async files(districtId, deliveryId) {
      const items = await table.all({ partition: deliveryFilesPartition(districtId, deliveryId) });
      return items.map((item) => bodyOf<DeliveryFile>(item));
    },
    async claimedBy(districtId, fileId) {
      return (await table.get(claimKey(districtId, fileId)))?.['deliveryId']?.S ?? null;
    },
    bar: (districtId, failed) => keepBar(table, districtId, failed),
    barredAmong: (districtId, folder, files) => barredAmong(table, districtId, folder, files),
    seal: (delivery, files) => seal(table, delivery, files),
    async create(delivery, files) {
      const { districtId, deliveryId } = delivery;
      const { done } = await table.transact([
        { put: deliveryItem(delivery), condition: ABSENT },
        ...files.map((file): Part => ({ put: fileItem(districtId, deliveryId, file) })),
        ...waitingParts(delivery),
        hasNotLeft(districtId),
      ]);
      if (done) return 'created';
      const stored = await getDelivery(districtId, deliveryId);
      if (stored === null) throw new DistrictHasLeft(HAS_LEFT);
      return holdsBody(stored, delivery) ? 'created' : 'already';
    },
    async get(districtId, deliveryId) {
      const item = await getDelivery(districtId, deliveryId);
      return item && deliveryOf(item);
    },
    async waiting(districtId) {
      const items = await table.all({ partition: districtPartition(districtId), sortPrefix: WAITING_PREFIX });
      return items.map((item) => deliveryOf(item));
    },
    settle: (lease, delivery, state, syncId) => settle(table, lease, { ...delivery, state, syncId }),
    async list(districtId, limit) {
      const items = await table.all({ partition: deliveriesPartition(districtId), newestFirst: true, limit });
      return items.map((item) => deliveryOf(item));
    },
  };
}

const openSetOf = (item: Item): OpenSet => ({
  deliveryId: item['deliveryId']?.S ?? '',
  openedAt: item['openedAt']?.S ?? '',
});

async function openSet(
  table: TableClient,
  districtId: string,
  folder: string,
  deliveryId: string,
  at: string,
): Promise<OpenSet> {
  const delivery: Delivery = {
    districtId,
    deliveryId,
    state: 'receiving',
    folder,
    packaging: 'files',
    order: '',
    hasDelta: false,
    bulkFiles: [],
    deltaFiles: [],
    openedAt: at,
    receivedAt: null,
    syncId: null,
  };
  for (;;) {
    const key = setKey(districtId, folder);
    const put = { ...keyItem(key), deliveryId: { S: deliveryId }, openedAt: { S: at } };
    const outcome = await table.transact([
      { put, condition: ABSENT },
      { put: deliveryItem(delivery), condition: ABSENT },
      hasNotLeft(districtId),
    ]);
    if (outcome.done) return { deliveryId, openedAt: at };
    if (outcome.refused.includes(2)) throw new DistrictHasLeft(HAS_LEFT);
    const open = await table.get(key);
    if (open) return openSetOf(open);
    // The set was sealed in between. If it was the one of this very call, `addFile` will say `closed`.
    const own = await table.get(deliveryKey(districtId, deliveryId));
    if (own) return { deliveryId, openedAt: deliveryOf(own).openedAt };
  }
}

/** A transaction has 100 parts. OneRoster has 22 files; in a set of more, the rest is counted only. */
const MAX_FILE_CHECKS = 90;

async function seal(
  table: TableClient,
  delivery: Delivery,
  files: readonly DeliveryFile[],
): Promise<'sealed' | 'already' | 'changed'> {
  const { districtId, folder, deliveryId } = delivery;
  const key = setKey(districtId, folder);
  const outcome = await table.transact([
    { remove: key, condition: setHas(deliveryId, files.length) },
    { put: deliveryItem(delivery), condition: inState('receiving') },
    ...waitingParts(delivery),
    ...files
      .slice(0, MAX_FILE_CHECKS)
      .map(({ name, fileId }): Part => ({ check: fileKey(districtId, deliveryId, name), condition: isFile(fileId) })),
  ]);
  if (outcome.done || holdsBody(await table.get(deliveryKey(districtId, deliveryId)), delivery)) return 'sealed';
  if (outcome.refused.includes(1)) return 'already';
  return (await table.get(key))?.['deliveryId']?.S === deliveryId ? 'changed' : 'already';
}

const isFile = (fileId: string): Condition => ({
  expression: 'fileId = :fileId',
  values: { ':fileId': { S: fileId } },
});

/** How long a claim is remembered after the upload: longer than the 14 days that SQS keeps a message. Seconds. */
const CLAIM_SECONDS = 30 * 86_400;

/** Of the transaction that adds a file: the part that claims its version. */
const CLAIM_PART = 2;

const claimKey = (districtId: string, fileId: string): Key => ({ pk: claimsPartition(districtId), sk: fileId });

const claimItem = (districtId: string, deliveryId: string, { fileId, lastModified }: DeliveryFile): Item => ({
  ...keyItem(claimKey(districtId, fileId)),
  deliveryId: { S: deliveryId },
  [ROSTER_TABLE.timeToLiveAttribute]: { N: String(Math.floor(Date.parse(lastModified) / 1000) + CLAIM_SECONDS) },
});

/** `lastModified` and `fileId` stand beside the body: the condition that a later version replaces an earlier one. */
const fileItem = (districtId: string, deliveryId: string, file: DeliveryFile): Item => ({
  ...keyItem(fileKey(districtId, deliveryId, file.name)),
  fileId: { S: file.fileId },
  lastModified: { S: file.lastModified },
  ...bodyAttribute(file),
});

async function addFile(
  table: TableClient,
  districtId: string,
  folder: string,
  deliveryId: string,
  file: DeliveryFile,
): Promise<'added' | 'known' | 'closed' | 'elsewhere'> {
  const { expression, values } = setIsOf(deliveryId);
  const outcome = await table.transact([
    // Whoever seals has to know of every file: none is added behind their back.
    {
      update: setKey(districtId, folder),
      change: 'ADD fileNames :names',
      condition: { expression, values: { ...values, ':names': { SS: [file.name] } } },
    },
    {
      put: fileItem(districtId, deliveryId, file),
      condition: {
        // Two versions of one second: any fixed order will do, as long as every worker sees the same one.
        expression: 'attribute_not_exists(pk) OR lastModified < :at OR (lastModified = :at AND fileId < :fileId)',
        values: { ':at': { S: file.lastModified }, ':fileId': { S: file.fileId } },
      },
    },
    {
      put: claimItem(districtId, deliveryId, file),
      condition: { ...setIsOf(deliveryId), expression: 'attribute_not_exists(pk) OR deliveryId = :deliveryId' },
    },
  ]);
  if (outcome.done) return 'added';
  if (outcome.refused.includes(CLAIM_PART)) return 'elsewhere';
  if (!outcome.refused.includes(0)) return 'known';
  // The set is closed. If the file is in it, an earlier attempt of this call put it there, and it belongs nowhere else.
  const stored = await table.get(fileKey(districtId, deliveryId, file.name));
  return stored?.['fileId']?.S === file.fileId ? 'known' : 'closed';
}

async function settle(table: TableClient, lease: Lease, settled: Delivery): Promise<boolean> {
  const outcome = await table.transact([
    { check: leaseKey(settled.districtId), condition: holdsNumber(lease) },
    { put: deliveryItem(settled), condition: inState('received') },
    { remove: waitingKey(settled) },
  ]);
  if (outcome.done) return true;
  if (outcome.refused.includes(0)) return false;
  return holdsBody(await table.get(deliveryKey(settled.districtId, settled.deliveryId)), settled);
}
