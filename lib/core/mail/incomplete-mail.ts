import type { MailDraft } from './mail.ts';

/** R16: an upload that was cut off, or lacks files that it lists; `isTest`: into the folder of test uploads. */
export const incompleteMail = (districtName: string, deliveryId: string, isTest: boolean): MailDraft => ({
  subject: isTest
    ? `Incomplete: a test upload of ${districtName} could not be read`
    : `Incomplete: an export of ${districtName} was not taken`,
  body: [
    isTest
      ? 'A test upload came, into the folder test, but it is not a whole export: it was cut off on its way, or it lacks files that belong to it. Test uploads never change anything, and keep no export from being taken.'
      : 'An upload came, but it is not a whole export: it was cut off on its way, or it lacks files that belong to it. Nothing was changed: your roster stays as it was after the last good export.',
    'What to do:',
    [
      isTest
        ? 'Upload the whole export into that folder again. A part of it cannot be added later.'
        : 'Send the whole export again: Send Now in Roster Server. A part of it cannot be added later.',
      'If it is cut off every time, look whether the connection breaks off, or whether something between you and us limits the size or the time of an upload.',
      'If files are missing, look at the template: it must be OneRoster 1.1, and all its files must be sent together.',
    ],
    isTest
      ? 'We write at most once a day about test uploads like this.'
      : 'The next whole export is taken as usual; nothing else needs to be done. We write at most once a day about this.',
    `Our reference: ${deliveryId}`,
  ],
});
