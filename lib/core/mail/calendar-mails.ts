import { counted, type Noun } from '../limits/hold-words.ts';
import type { MailDraft } from './mail.ts';

/** R17: an expected export did not come. */
export function lateMail(districtName: string, timeZone: string, expectedAt: string, dueAt: string): MailDraft {
  const at = (iso: string) =>
    new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(new Date(iso));
  return {
    subject: `Late: no export of ${districtName} has come`,
    body: [
      `Your export was expected at ${at(expectedAt)}, and by ${at(dueAt)} (${timeZone}) none had come. Your roster stays as it was after the last one.`,
      'What to do:',
      [
        "Look in ClassLink's Roster Server whether the export ran, and whether it says that the upload failed.",
        'If it ran, check host, port, user name and password of the SFTP target against the set-up sheet.',
        'If there is no school on that day, tell us, and we put the holiday into your calendar.',
      ],
      'An export that comes now is taken at once.',
    ],
  };
}

/** How a week went. */
export interface WeekNews {
  readonly week: string;
  readonly syncs: Readonly<Record<'applied' | 'unchanged' | 'held' | 'rejected' | 'incomplete' | 'failed', number>>;
  readonly changed: Readonly<Record<'add' | 'update' | 'deactivate' | 'reactivate', number>>;
}

/** The summary of a week, for a district that wants it. */
export function weeklyMail(districtName: string, { week, syncs, changed }: WeekNews): MailDraft {
  const total = Object.values(syncs).reduce((sum, count) => sum + count, 0);
  const waits = syncs.held + syncs.rejected + syncs.incomplete + syncs.failed;
  const verdict = total === 0 ? 'No exports' : waits === 0 ? 'All good' : 'Please look';
  const lines = SYNC_WORDS.filter(([key]) => syncs[key] > 0).map(([key, noun]) => counted(syncs[key], noun));
  return {
    subject: `${verdict}: week ${week} of ${districtName}`,
    body: [
      total === 0 ? 'No export came in this week.' : `In this week ${counted(total, EXPORTS)} came:`,
      ...(lines.length === 0 ? [] : [lines]),
      `Together they added ${records(changed.add)}, changed ${records(changed.update)}, made ${records(changed.deactivate)} inactive and brought ${records(changed.reactivate)} back.`,
      waits === 0
        ? 'Nothing needs to be done.'
        : 'What to do: the mails of that week say what was wrong, and what to correct. A failure is ours to mend.',
    ],
  };
}

const records = (count: number): string => counted(count, ['record', 'records']);

const EXPORTS: Noun = ['export', 'exports'];

const SYNC_WORDS: readonly (readonly [keyof WeekNews['syncs'], Noun])[] = [
  ['applied', ['was taken', 'were taken']],
  ['unchanged', ['had nothing new', 'had nothing new']],
  ['held', ['waits for a person', 'wait for a person']],
  ['rejected', ['was rejected', 'were rejected']],
  ['incomplete', ['was incomplete', 'were incomplete']],
  [
    'failed',
    ['failed by a fault of ours, which the next one repairs', 'failed by faults of ours, which the next one repairs'],
  ],
];
