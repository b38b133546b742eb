import { counted, type Noun } from '../limits/hold-words.ts';
import { FINDING_KINDS, type FindingCode } from '../oneroster/finding-codes.ts';
import type { ChangeCounts } from '../plan/change.ts';
import { reasonOf } from './hold-reasons.ts';
import type { MailDraft } from './mail.ts';

/** What mails about a sync know of it: ids, codes and counts (R22). */
export interface SyncNews {
  readonly districtName: string;
  readonly syncId: string;
  readonly codes: readonly string[];
  readonly changes: Readonly<Partial<Record<string, ChangeCounts>>>;
  readonly findings: { readonly error: number; readonly warning: number };
}

/** R11: a plan waits for a person. */
export function heldMail(news: SyncNews, waitingDays: number): MailDraft {
  const { districtName, syncId, codes, changes } = news;
  const since = waitingDays === 0 ? '' : ` for ${counted(waitingDays, DAYS)}`;
  return {
    subject: `Held: the roster update of ${districtName} waits${since}`,
    body: [
      `Your export was read, and the update that it leads to waits${since} until a person has looked at it. Until then your roster stays as it was, and everybody can go on working.`,
      'Why it waits:',
      codes.map(reasonOf),
      'What it would do:',
      changeLines(changes),
      'What to do: if the export is wrong, correct it and let it run again; the new one takes the place of this one. If it is right, you need do nothing: we look at every update that waits, and you can answer this mail to tell us that it is meant.',
      referenceOf(syncId),
    ],
  };
}

/** R7: nothing of a delivery was taken. `isTest`: it was a test upload, which only the checks reject. */
export function rejectedMail(news: SyncNews, by: 'checks' | 'person', isTest: boolean): MailDraft {
  const { districtName, syncId, codes } = news;
  const subject = isTest
    ? `Rejected: a test upload of ${districtName} has errors`
    : `Rejected: the export of ${districtName} was not taken`;
  if (by === 'person') {
    return {
      subject,
      body: [
        'Your export led to an update that waited for a person, and that person has decided not to take it. Your roster stays as it was.',
        ...(codes.length === 0 ? [] : ['Why it had to wait:', codes.map(reasonOf)]),
        'What to do: correct the export and let it run again. If you do not know what is wrong, answer this mail.',
        referenceOf(syncId),
      ],
    };
  }
  return {
    subject,
    body: [
      isTest
        ? 'Your test upload, into the folder test, was checked: as it is, it cannot be used as a whole. Test uploads never change anything, and keep no export from being taken.'
        : 'Your export arrived, but it cannot be used as a whole. Nothing was changed: your roster stays as it was after the last good export.',
      'What is wrong, and what to do:',
      codes.length === 0 ? ['The export cannot be read. Export again and send the whole set.'] : codes.map(errorLine),
      isTest
        ? 'Upload it into that folder again when it is corrected; nothing else needs to be done.'
        : 'The next export that can be read is taken as usual; nothing else needs to be done.',
      referenceOf(syncId),
    ],
  };
}

/** The first sync of a district is done. */
export function firstAppliedMail({ districtName, syncId, changes, findings }: SyncNews): MailDraft {
  const { error, warning } = findings;
  return {
    subject: `Done: the first roster of ${districtName} is in place`,
    body: [
      'Your first export was taken. From now on every export updates the roster by itself.',
      'What is in place:',
      changeLines(changes),
      error + warning === 0
        ? 'Every row could be used as it is.'
        : `${counted(error, ROWS_WITH_ERRORS)} and ${counted(warning, WARNINGS)} were found. A row with an error changes nothing until it is corrected in your student information system.`,
      'What to do: open LaunchPad as a student and as a teacher, click the icon, and see whether both get in.',
      referenceOf(syncId),
    ],
  };
}

/** What a code of an error means, and its remedy. */
function errorLine(code: string): string {
  const kind = FINDING_KINDS[code as FindingCode];
  return kind === undefined ? `There is an error (${code}).` : `${kind.cause} ${kind.hint} (${code})`;
}

/** Counts by file, without what stays as it is. */
function changeLines(changes: SyncNews['changes']): readonly string[] {
  const lines = Object.entries(changes).flatMap(([file, counts]) => {
    if (counts === undefined) return [];
    const told = CHANGE_WORDS.filter(([key]) => counts[key] > 0).map(([key, word]) => `${counted(counts[key], word)}`);
    return told.length === 0 ? [] : [`${FILE_WORDS[file] ?? file}: ${told.join(', ')}`];
  });
  return lines.length === 0 ? ['Nothing would change.'] : lines;
}

const referenceOf = (syncId: string): string => `Our reference: ${syncId}`;

const DAYS: Noun = ['day', 'days'];
const ROWS_WITH_ERRORS: Noun = ['row with an error', 'rows with errors'];
const WARNINGS: Noun = ['warning', 'warnings'];

const CHANGE_WORDS: readonly (readonly [Exclude<keyof ChangeCounts, 'unchanged'>, Noun])[] = [
  ['add', ['added', 'added']],
  ['update', ['changed', 'changed']],
  ['deactivate', ['made inactive', 'made inactive']],
  ['reactivate', ['back again', 'back again']],
];

const FILE_WORDS: Readonly<Record<string, string>> = {
  orgs: 'Schools and other orgs',
  academicSessions: 'Terms',
  courses: 'Courses',
  classes: 'Classes',
  users: 'Students, teachers and other users',
  enrollments: 'Enrollments',
  demographics: 'Demographics',
};
