import { type Survey, type SurveyedFile, surveyUpload } from '../../core/delivery/survey.ts';
import { type FoundRows, findRows } from '../../core/explain/find-rows.ts';
import type { UserKeys } from '../../core/explain/match-user.ts';
import type { DeliveryFacts, RowOfUser } from '../../core/explain/user-facts.ts';
import { detached } from '../../core/oneroster/detached.ts';
import { FindingLog } from '../../core/oneroster/finding-log.ts';
import type { Delivery } from '../../core/sync/sync.ts';
import { ObjectMissing } from '../../ports/failure.ts';
import type { ExplainPorts } from './explain-ports.ts';

/** The files that name users, and the column in which they do. */
const FILES = [
  ['users', 'sourcedId'],
  ['roles', 'userSourcedId'],
  ['enrollments', 'userSourcedId'],
  ['demographics', 'sourcedId'],
] as const;

type OpenUpload = Awaited<ReturnType<ExplainPorts['reader']['open']>>;

/** The rows of a user in a delivery, and what its users.csv is. */
export type RowFacts = Pick<DeliveryFacts, 'files' | 'users' | 'rows'>;

const NO_USERS_FILE = { mode: 'absent', rows: 0, fault: null } as const;

/** Looks for users in the frozen files of one delivery. Files that are no longer kept are told, not thrown. */
export class DeliverySearch {
  readonly delivery: Delivery;
  readonly #upload: OpenUpload | null;
  readonly #survey: Survey | null;

  private constructor(delivery: Delivery, upload: OpenUpload | null, survey: Survey | null) {
    this.delivery = delivery;
    this.#upload = upload;
    this.#survey = survey;
  }

  /** `maxRowBytes`: as the district has it. Close it when done. */
  static async open(ports: ExplainPorts, delivery: Delivery, maxRowBytes: number): Promise<DeliverySearch> {
    const files = await ports.ledger.files(delivery.districtId, delivery.deliveryId);
    let upload: OpenUpload | null = null;
    try {
      if (files.length > 0) upload = await ports.reader.open(delivery, files, { maxRowBytes });
      const survey = upload === null ? null : await surveyUpload(upload, new FindingLog(0));
      return new DeliverySearch(delivery, upload, survey);
    } catch (thrown) {
      await upload?.close();
      if (!(thrown instanceof ObjectMissing)) throw thrown;
      return new DeliverySearch(delivery, null, null);
    }
  }

  /** The users of users.csv that are meant, each as its row names them. */
  async users(isMeant: (user: UserKeys) => boolean): Promise<readonly (UserKeys & { readonly role: string })[]> {
    const file = this.#file('users');
    if (file === null) return [];
    const { found } = await findRows(file, (cell) => {
      const keys = { sourcedId: cell('sourcedId').trim(), username: cell('username'), email: cell('email') };
      if (keys.sourcedId === '' || !isMeant(keys)) return null;
      return { ...copied(keys), role: detached(cell('role')) };
    });
    return found;
  }

  /** The rows that name a user, damaged ones too; null: nobody's, only what its users.csv is. */
  async rowsOf(sourcedId: string | null): Promise<RowFacts> {
    if (this.#survey === null) return { files: 'expired', users: NO_USERS_FILE, rows: [] };
    if (this.#survey.files.size === 0) return { files: 'unreadable', users: NO_USERS_FILE, rows: [] };
    const rows: RowOfUser[] = [];
    let users: RowFacts['users'] = NO_USERS_FILE;
    for (const [name, column] of FILES) {
      const file = this.#file(name);
      if (file === null || (sourcedId === null && name !== 'users')) continue;
      const read = await rowsIn(file, name, column, sourcedId);
      rows.push(...read.found);
      if (name === 'users') users = { mode: file.mode, rows: read.rows, fault: read.fault };
    }
    return { files: 'read', users, rows };
  }

  async close(): Promise<void> {
    await this.#upload?.close();
  }

  /** A file that counts: one that its manifest calls absent is not read (R7). */
  #file(name: (typeof FILES)[number][0]): SurveyedFile | null {
    const file = this.#survey?.files.get(name);
    return file === undefined || file.mode === 'absent' ? null : file;
  }
}

/** A sourcedId between blanks is damaged, and means the user all the same (R5). */
const rowsIn = (
  file: SurveyedFile,
  name: RowOfUser['file'],
  column: string,
  sourcedId: string | null,
): Promise<FoundRows<RowOfUser>> =>
  findRows(file, (cell, row) => {
    if (cell(column).trim() !== sourcedId) return null;
    return {
      file: name,
      name: file.name,
      row,
      sourcedId: detached(cell('sourcedId')),
      status: detached(cell('status')),
    };
  });

const copied = ({ sourcedId, username, email }: UserKeys): UserKeys => ({
  sourcedId: detached(sourcedId),
  username: detached(username),
  email: detached(email),
});
