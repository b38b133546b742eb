import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { finishedFiles, writeAtomically } from '../atomic-file.ts';

/** A mail that nobody got: it was kept instead. */
export interface KeptMail {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly from: string;
  readonly to: string;
  /** Where an answer would go; '' in what an earlier version kept. */
  readonly replyTo: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** The mails of a data folder. */
export interface MailStore {
  add(mail: Omit<KeptMail, 'id' | 'at'>): KeptMail;
  /** Newest first. */
  list(): readonly KeptMail[];
}

/** More are forgotten, the oldest first. */
const KEPT = 200;

/** Keeps mails as JSON files in `mails/` of the data folder. */
export function openMailStore(dataDir: string): MailStore {
  const folder = join(dataDir, 'mails');
  mkdirSync(folder, { recursive: true });
  const names = () => [...finishedFiles(folder)].sort().reverse();
  let count = 0;
  return {
    add(mail) {
      const at = new Date().toISOString();
      const id = `${at.replaceAll(/[-:.]/g, '')}-${String(++count).padStart(4, '0')}`;
      const kept = { id, at, ...mail };
      writeAtomically(join(folder, `${id}.json`), JSON.stringify(kept));
      for (const old of names().slice(KEPT)) rmSync(join(folder, old), { force: true });
      return kept;
    },
    list: () =>
      names().map((name) => ({ replyTo: '', ...JSON.parse(readFileSync(join(folder, name), 'utf8')) }) as KeptMail),
  };
}
