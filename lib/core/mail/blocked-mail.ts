import type { MailDraft } from './mail.ts';

/** R15: an export of changes waits, because an earlier export was not taken. Asks for a full (bulk) export. */
export const blockedMail = (districtName: string, deliveryId: string): MailDraft => ({
  subject: `Please send a full export: changes for ${districtName} wait`,
  body: [
    'Your export arrived. It holds only what changed (a delta export), and the export before it was not taken: it waits for a person, was rejected, or never became whole. Changes cannot be put on top of something that is missing, so this export waits. Your roster stays as it was.',
    'What to do:',
    [
      "In ClassLink's Roster Server, set the export to full (bulk) with all the files that you usually send, and let it run once.",
      'After it was taken, exports of changes work again as before.',
      'If you had a mail that says what is wrong with the earlier export, correct that first.',
    ],
    'If the earlier export waits for one of us, we are looking at it. Once it is accepted, what waits is taken by itself, in its order.',
    `Our reference: ${deliveryId}`,
  ],
});
