import { winScpFingerprint } from '../core/district/host-keys.ts';
import { reachUs, type SetUpSheetModel } from './set-up-sheet-model.ts';
import { type Line, line, type SheetPart } from './sheet-document.ts';

/** Where the export goes, as ClassLink's screen asks for it. */
export function sftpDetails(model: SetUpSheetModel): SheetPart[] {
  const { login, sftp } = model;
  const wayIn: Line[] = [
    ...(login.hasPassword ? [line`${{ strong: 'Password' }}: sent to you separately`] : []),
    ...login.keyFingerprints.map((fingerprint) => line`SSH key ${fingerprint}`),
  ];
  return [
    {
      paragraph: line`In Roster Server: ${{ strong: 'Apps' }} → ⋮ beside the app → ${{ strong: 'SFTP Settings' }} (in the newer screens: ${{ strong: 'Export Settings' }}). Enter:`,
    },
    {
      table: {
        head: [],
        rows: [
          [line`Host`, line`${sftp.host}`],
          [line`Port`, line`${sftp.port}`],
          [line`User name`, line`${login.username}`],
          ...wayIn.map((way, at) => [at === 0 ? line`Signs in with` : line`or`, way]),
          [line`Folder`, line`${'/'} (or leave it empty)`],
          [line`Template`, line`${{ strong: 'OneRoster 1.1' }}`],
        ],
      },
    },
    ...(login.keyFingerprints.length > 0 ? [{ paragraph: KEY_ADVICE }] : []),
    {
      paragraph:
        login.allowedCidrs.length === 0
          ? line`You may connect from any address.`
          : [...line`You may connect from: `, ...codes(login.allowedCidrs), ...line`. Tell us when these change.`],
    },
    ...(sftp.addresses.length > 0
      ? [
          {
            paragraph: [
              ...line`Our addresses, if your firewall wants them: `,
              ...codes(sftp.addresses),
              ...line`, port ${sftp.port}.`,
            ],
          },
        ]
      : []),
    {
      paragraph:
        login.keyFingerprints.length > 0
          ? line`The same from a terminal, to try it (${'your-key'} is the file with your private key):`
          : line`The same from a terminal, to try it:`,
    },
    ...terminalLines(model),
  ];
}

/** What is public about ClassLink's client says nothing of keys (facts): who chose one must try it. */
const KEY_ADVICE = line`ClassLink's own client usually signs in with a password. With an SSH key, it is ClassLink that needs the ${{ strong: 'private' }} key, the half that we do not have and never ask for; ask ClassLink whether your screens take one. If not, tell us, and we send you a password.`;

/** One line for each way in. */
function terminalLines({ login, sftp }: SetUpSheetModel): SheetPart[] {
  const at = `${login.username}@${sftp.host}`;
  return [
    ...(login.hasPassword ? [{ command: `sftp -P ${sftp.port} ${at}` }] : []),
    // The file with the private key, whatever it is called there.
    ...(login.keyFingerprints.length > 0 ? [{ command: `sftp -P ${sftp.port} -i your-key ${at}` }] : []),
  ];
}

/** Each to be typed as it stands, with commas between. */
const codes = (texts: readonly string[]): Line => texts.flatMap((code, at) => [...(at === 0 ? [] : [', ']), { code }]);

/** What a client shows at its first connection. */
export const hostKeys = (model: SetUpSheetModel): SheetPart[] => [
  {
    paragraph: [
      ...line`If the client shows a fingerprint at its first connection, compare it: it must be one of these, letter by letter. If it shows none, go on. If it is another one, do not go on, and tell us at once. `,
      ...reachUs(model),
    ],
  },
  {
    table: {
      head: ['Kind', 'OpenSSH', 'WinSCP'],
      rows: model.sftp.hostKeys.map((key) => [[key.type], line`${key.fingerprint}`, line`${winScpFingerprint(key)}`]),
    },
  },
];
