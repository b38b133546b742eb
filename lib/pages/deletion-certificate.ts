import { type DeletionCertificate, describeObjects, describeRows } from '../core/district/deletion-certificate.ts';
import { type Line, line, type SheetDocument, type SheetPart } from './sheet-document.ts';

/** The certificate of a deletion, for the district's file (R22). */
export function deletionCertificate(certificate: DeletionCertificate): SheetDocument {
  const { district, order, leftAt, goneAt } = certificate;
  return {
    title: `Certificate of deletion: ${district.name}`,
    intro: [
      { paragraph: line`All that we held of this district was deleted on ${goneAt}, except what is named below.` },
      {
        table: {
          head: [],
          rows: [
            [['District'], line`${district.name} (${district.id})`],
            [['ClassLink tenant'], line`${district.classLinkTenantId ?? 'none'}`],
            [['Ordered'], line`${order.at} by ${order.who}, order ${order.id}`],
            [['Closed to uploads and sign-on'], line`${leftAt}`],
            [['Deleted'], line`${goneAt}`],
          ],
        },
      },
    ],
    sections: [
      { heading: 'What was deleted', parts: deleted(certificate) },
      { heading: 'What remains, and until when', parts: remains(certificate) },
      { heading: 'What the product deletes', parts: manual(certificate) },
    ],
  };
}

function deleted({ deleted: { rows, objects }, deletedLater, lastLookedAt }: DeletionCertificate): SheetPart[] {
  const counts = [...describeRows(rows), ...describeObjects(objects)].filter(([, count]) => count > 0);
  const later =
    lastLookedAt === null
      ? line`We look for a second time a quarter of an hour later, and every night for six weeks.`
      : line`What came after was deleted too: ${deletedLater}. We looked last on ${lastLookedAt}.`;
  return [
    { table: { head: ['what', 'how many'], rows: counts.map(([what, count]): Line[] => [[what], line`${count}`]) } },
    { paragraph: line`Its settings, its SFTP login and its link to ClassLink went first.` },
    { paragraph: later },
  ];
}

const remains = (certificate: DeletionCertificate): SheetPart[] => [
  {
    table: {
      head: ['what', 'until', 'why'],
      rows: certificate.remains.map(({ what, why, until }): Line[] => [
        [what],
        until === null ? ['no end'] : line`${until}`,
        [why],
      ]),
    },
  },
];

function manual({ manualRecords }: DeletionCertificate): SheetPart[] {
  const kinds = Object.entries(manualRecords).filter(([, ids]) => ids.length > 0);
  if (kinds.length === 0) return [{ paragraph: line`Nobody made a record of this district in the product.` }];
  return [
    { paragraph: line`Records that people made in the product itself. The JSON form of this certificate lists them.` },
    { table: { head: ['kind', 'how many'], rows: kinds.map(([kind, ids]): Line[] => [[kind], line`${ids.length}`]) } },
  ];
}
