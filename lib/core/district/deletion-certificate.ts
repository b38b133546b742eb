import { RECORD_KINDS, type RecordKind } from '../oneroster/kinds.ts';
import { describeGiver } from '../sync/giver.ts';
import type { Departure, DepartureEnds, DistrictHoldings } from './departure.ts';

/** Something that is still there, why, and until when. */
export interface Remainder {
  readonly what: string;
  readonly why: string;
  /** ISO 8601; null: for good, or until somebody else deletes it. */
  readonly until: string | null;
}

/** What a district gets when it has left (R22): what is gone, what goes by when, what others must delete. */
export interface DeletionCertificate {
  readonly district: { readonly id: string; readonly name: string; readonly classLinkTenantId: number | null };
  readonly order: { readonly id: string; readonly who: string; readonly at: string };
  /** From then on nobody could upload, sign in or read. ISO 8601, as all times here. */
  readonly leftAt: string;
  readonly goneAt: string;
  readonly deleted: DistrictHoldings;
  /** What came after, by a connection or worker that was still under way, and was deleted as well. */
  readonly deletedLater: number;
  readonly lastLookedAt: string | null;
  readonly remains: readonly Remainder[];
  /** The productIds of records that people made in the product: the product's to delete (R2). By kind. */
  readonly manualRecords: Readonly<Partial<Record<RecordKind, readonly string[]>>>;
}

/** The certificate of a departure; null while something is still being deleted. */
export function certificateOf(
  departure: Departure,
  manualRecords: DeletionCertificate['manualRecords'],
): DeletionCertificate | null {
  const { districtId, name, classLinkTenantId, order, leftAt, goneAt, found, ends, late, sweptAt } = departure;
  if (goneAt === null || found === null || ends === null) return null;
  return {
    district: { id: districtId, name, classLinkTenantId },
    order: { id: order.orderId, who: describeGiver(order), at: order.at },
    leftAt,
    goneAt,
    deleted: found,
    deletedLater: late,
    lastLookedAt: sweptAt,
    remains: [...remaindersOf(ends), ...FOR_GOOD, ...manualRemainder(manualRecords)],
    manualRecords,
  };
}

const remaindersOf = (ends: DepartureEnds): readonly Remainder[] => [
  { what: 'access tokens that the product holds', why: 'they end by themselves', until: ends.tokens },
  {
    what: 'rows of the sign-on: hand-offs, codes, refresh tokens, used launches',
    why: 'they name no district and no person, lead to nothing any more, and expire',
    until: ends.signOnRows,
  },
  {
    what: 'parts of uploads that were never finished',
    why: 'S3 drops them',
    until: ends.unfinishedUploads,
  },
  {
    what: 'messages and dead letters of the queues',
    why: 'they name the district, some of them a file',
    until: ends.messages,
  },
  {
    what: 'continuous backups of the table',
    why: 'AWS keeps them so long; if the table is restored from one, the off-boarding is repeated',
    until: ends.backups,
  },
  {
    what: 'log lines',
    why: 'ours hold ids of our own, counts and codes; those of the SFTP server name the files of this district',
    until: ends.logs,
  },
];

const FOR_GOOD: readonly Remainder[] = [
  {
    what: 'the lease and the fences of the district: a few numbers',
    why: 'they only grow, so that a worker that wakes up late can write nothing',
    until: null,
  },
  {
    what: 'the tombstone with this certificate',
    why: 'the id of the district is never used again',
    until: null,
  },
];

const manualRemainder = (manualRecords: DeletionCertificate['manualRecords']): readonly Remainder[] =>
  Object.values(manualRecords).every((ids) => ids.length === 0)
    ? []
    : [{ what: 'records that were made in the product', why: "the product's own; it deletes them", until: null }];

/** What rows of the table are called for people. */
const ROW_WORDS: Readonly<Record<string, string>> = {
  org: 'orgs',
  academicSession: 'academic sessions',
  course: 'courses',
  user: 'users',
  class: 'classes',
  enrollment: 'enrollments',
  demographics: 'demographics',
  schoolRow: 'entries of users in the lists of their schools',
  session: 'sessions',
  refusal: 'refused launches',
  anchor: "anchors (who ClassLink's users are)",
  delivery: 'deliveries',
  deliveryFile: 'files of deliveries (their names)',
  sync: 'syncs',
  command: 'commands of people',
  mail: 'notes of sent mails',
  claim: 'claimed uploads',
  bar: 'failed uploads',
  state: 'settings and states',
};

const OBJECT_WORDS: Readonly<Record<keyof DistrictHoldings['objects'], string>> = {
  landing: 'uploaded files, all versions',
  deliveries: 'frozen exports, all versions',
  plans: 'plans of syncs, all versions',
};

/** Rows by what they are, in an order and words for people. */
export const describeRows = (rows: DistrictHoldings['rows']): readonly (readonly [string, number])[] => {
  const order = [...RECORD_KINDS, ...Object.keys(ROW_WORDS)] as readonly string[];
  return Object.entries(rows)
    .toSorted(([one], [other]) => order.indexOf(one) - order.indexOf(other))
    .map(([what, count]) => [ROW_WORDS[what] ?? what, count]);
};

/** Versions of objects by where they lie, in words for people. */
export const describeObjects = (objects: DistrictHoldings['objects']): readonly (readonly [string, number])[] =>
  (['landing', 'deliveries', 'plans'] as const).map((where) => [OBJECT_WORDS[where], objects[where]]);
