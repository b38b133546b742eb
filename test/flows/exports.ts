import { edited, inMode, PLAIN, withCopy } from '../support/plain-delivery.ts';
import { filesOf, type SmallDelivery } from '../support/small-delivery.ts';
import { zipOf } from './flow-world.ts';

/** A district of one class whose student is called so. */
export const calling = (givenName: string): SmallDelivery => edited(PLAIN, 'user', 'student', { givenName });

/** The same with more students. */
export function withStudents(count: number, delivery = PLAIN): SmallDelivery {
  let more = delivery;
  for (let number = 1; number <= count; number++) {
    more = withCopy(more, 'user', 'student', {});
    const rows = more.user.rows.map((row, at) =>
      at === more.user.rows.length - 1 ? { ...row, id: `s${number}` } : row,
    );
    more = { ...more, user: { ...more.user, rows } };
  }
  return more;
}

/** Only users.csv, as a delta. */
export const deltaOf = (delivery: SmallDelivery): SmallDelivery =>
  inMode(
    inMode(delivery, 'absent', 'org', 'academicSession', 'course', 'class', 'enrollment', 'demographics'),
    'delta',
    'user',
  );

export const asZip = (delivery: SmallDelivery): Promise<Uint8Array> => zipOf(filesOf(delivery));

/** Records of `PLAIN` that are stored: demographics are not, unless the district asks for them. */
export const PLAIN_RECORDS = 11;
