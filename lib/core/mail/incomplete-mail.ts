import type { MailDraft } from './mail.ts';

/** R16: an upload that was cut off, or lacks files that it lists. */
export const incompleteMail = (districtName: string, deliveryId: string): MailDraft => ({
  subject: `Incomplete: an export of ${districtName} was not taken`,
  body: [
    'An upload came, but it is not a whole export: it was cut off on its way, or it lacks files that belong to it. Nothing was changed: your roster stays as it was after the last good export.',
    'What to do:',
    [
      'Send the whole export again: Send Now in Roster Server. A part of it cannot be added later.',
      'If it is cut off every time, look whether the connection breaks off, or whether something between Roster Server and us limits the size or the time of an upload.',
      'If files are missing, look at the template: it must be OneRoster 1.1, and all its files must be sent together.',
    ],
    'The next whole export is taken as usual; nothing else needs to be done. We write at most once a day about this.',
    `Our reference: ${deliveryId}`,
  ],
});
