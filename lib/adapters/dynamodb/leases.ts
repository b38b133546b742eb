import { districtPartition, type Key, LEASE_SORT } from '../../contracts/table-keys.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Lease, Leases } from '../../ports/ledger.ts';
import type { Condition, Item, TableClient } from './table-client.ts';

/** The row of a district's lease. It is never deleted, so that its number only grows (R15). */
export const leaseKey = (districtId: string): Key => ({ pk: districtPartition(districtId), sk: LEASE_SORT });

const NAMES = { '#number': 'number', '#holder': 'holder', '#until': 'untilMillis', '#handedTo': 'handedTo' };
const OURS = '#number = :number AND #holder = :holder';

/** True while the row holds the lease's number: the condition that ledger and sync log add to what they write. */
export const holdsNumber = (lease: Lease): Condition => ({
  expression: '#number = :number',
  names: { '#number': 'number' },
  values: { ':number': { N: String(lease.number) } },
});

/**
 * Leases in DynamoDB, one row for each district: `number`, `holder` ('' when free or handed over), `untilMillis` and
 * `handedTo`. The clocks of workers only decide when a silent holder may be followed; what protects the table is the
 * number.
 */
export function createLeases(table: TableClient, clock: Clock): Leases {
  const untilAfter = (seconds: number) => ({ N: String(clock.now().getTime() + seconds * 1000) });
  /** Changes the row if the lease still holds it. */
  const change = (lease: Lease, expression: string, values: Item) =>
    table.update(
      leaseKey(lease.districtId),
      {
        expression,
        names: NAMES,
        values: { ':number': { N: String(lease.number) }, ':holder': { S: lease.holder }, ...values },
      },
      OURS,
    );
  return {
    async take(districtId, holder, seconds, handedTo) {
      const row = await table.update(
        leaseKey(districtId),
        {
          expression:
            'SET #number = if_not_exists(#number, :zero) + :one, #holder = :holder, #until = :until REMOVE #handedTo',
          names: NAMES,
          values: {
            ':zero': { N: '0' },
            ':one': { N: '1' },
            ':holder': { S: holder },
            ':until': untilAfter(seconds),
            ':now': { N: String(clock.now().getTime()) },
            ...(handedTo === undefined ? {} : { ':handedTo': { S: handedTo } }),
          },
        },
        `attribute_not_exists(pk) OR #until <= :now${handedTo === undefined ? '' : ' OR #handedTo = :handedTo'}`,
      );
      if (row) return { districtId, holder, number: numberOf(row) };
      // Refused. Perhaps by the answer to this very call, lost on its way here: then the holder's name is ours.
      const held = await table.get(leaseKey(districtId));
      if (held?.['holder']?.S !== holder) return null;
      const lease = { districtId, holder, number: numberOf(held) };
      return (await change(lease, 'SET #until = :until REMOVE #handedTo', { ':until': untilAfter(seconds) }))
        ? lease
        : null;
    },
    async renew(lease, seconds) {
      return (await change(lease, 'SET #until = :until REMOVE #handedTo', { ':until': untilAfter(seconds) })) !== null;
    },
    async handOver(lease, handedTo, seconds) {
      const values = { ':free': { S: '' }, ':until': untilAfter(seconds), ':handedTo': { S: handedTo } };
      await change(lease, 'SET #holder = :free, #until = :until, #handedTo = :handedTo', values);
    },
    async release(lease) {
      await change(lease, 'SET #holder = :free, #until = :zero REMOVE #handedTo', {
        ':free': { S: '' },
        ':zero': { N: '0' },
      });
    },
    async isFree(districtId) {
      const row = await table.get(leaseKey(districtId));
      return Number(row?.['untilMillis']?.N ?? 0) <= clock.now().getTime();
    },
  };
}

const numberOf = (row: Item): number => Number(row['number']?.N);
