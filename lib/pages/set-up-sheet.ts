import type { DeliveryCalendar } from '../core/district/calendar-settings.ts';
import type { DistrictSettings } from '../core/district/settings.ts';
import type { FindingCode } from '../core/oneroster/finding-codes.ts';
import { reachUs, type SetUpSheetModel } from './set-up-sheet-model.ts';
import { hostKeys, sftpDetails } from './set-up-sheet-sftp.ts';
import { type Line, line, type SheetDocument, type SheetPart } from './sheet-document.ts';

/** The product that districts know. */
const PRODUCT = 'Imagine Language & Literacy';

/** The page that a district's administrator sets ClassLink up from, in ClassLink's own words for its screens. */
export function setUpSheet(model: SetUpSheetModel): SheetDocument {
  const { settings } = model;
  return {
    title: `${PRODUCT}: set-up sheet for ${settings.name}`,
    intro: [
      {
        paragraph: line`For the person who looks after ClassLink Roster Server and LaunchPad. It takes about half an hour. When it is done, your roster follows your SIS by itself, and your students sign in with one click.`,
      },
      { paragraph: line`${{ strong: 'What we need from you:' }}` },
      { list: needsOf(settings) },
      { paragraph: [{ strong: 'Questions?' }, ' ', ...reachUs(model)] },
    ],
    sections: [
      { heading: '1. Choose what is shared (Roster Server)', parts: filters(model) },
      { heading: '2. Send it to us (SFTP)', parts: sftpDetails(model) },
      { heading: '3. Make sure that it is our server', parts: hostKeys(model) },
      { heading: '4. Days and time', parts: schedule(model) },
      { heading: '5. The icon (LaunchPad)', parts: launchPad(model) },
      { heading: '6. What happens next', parts: whatNext(model) },
      {
        heading: model.reportsInFolder ? '7. How to read the report' : '7. How to read our mails',
        parts: report(model),
      },
    ],
  };
}

/** What only the district knows, the first things first. */
const needsOf = ({ classLinkTenantId: tenant, contacts, calendar }: DistrictSettings): readonly Line[] => [
  tenant === null
    ? line`Please send us your ${{ strong: 'ClassLink Tenant ID' }} (a number). Nobody can sign in before we have it.`
    : line`We know you as ClassLink Tenant ID ${tenant}. Please tell us if that is not yours.`,
  ...(contacts.length === 0
    ? [
        line`Please send us the ${{ strong: 'e-mail addresses' }} of the people who are to hear when an export could not be used, waits, or is late. Until then nobody hears of it.`,
      ]
    : []),
  calendar === null
    ? line`Please send us the ${{ strong: 'days, time and holidays' }} of your exports, once you have chosen them (step 4).`
    : line`Please look at the days without exports in step 4, and send us those that are missing.`,
];

function filters({ settings }: SetUpSheetModel): SheetPart[] {
  const demographics = settings.storeDemographics
    ? line`${{ strong: 'Demographics' }}: on, as agreed with you.`
    : line`${{ strong: 'Demographics' }} and ${{ strong: 'Resources' }}: off. We do not store them.`;
  return [
    {
      steps: [
        line`In Roster Server, open ${{ strong: 'Apps' }} and add ${{ strong: PRODUCT }}, if it is not there.`,
        line`${{ strong: 'Permissions' }}: Custom or Select by Class. Share the schools and courses that use ${{ strong: PRODUCT }}, and nothing else: whoever is not shared cannot sign in, and whoever is no longer shared loses access.`,
        line`By default ClassLink sends teachers and students who are enrolled in a class. Switch ${{ strong: 'Unenrolled Users' }} on only if administrators are to sign in as well.`,
        demographics,
        line`${{ strong: 'Filter Fields' }}: leave all fields as they are. The ${{ strong: 'username' }} must be the name with which the person signs in to LaunchPad.`,
        line`Look at the ${{ strong: 'Sanity Check' }}: students without a class will have nothing to do.`,
      ],
    },
  ];
}

const DAY_NAMES = {
  sun: 'Sunday',
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
} as const;

function schedule({ settings }: SetUpSheetModel): SheetPart[] {
  const { calendar, timeZone } = settings;
  const after = line`Let it run after the ${{ strong: 'Daily Sync' }} of Roster Server, so that it sends today's data. Switch the transfer on. ${{ strong: 'Send Now' }} sends at once, as often as you like.`;
  if (calendar === null) {
    return [
      {
        paragraph: line`${{ strong: 'Days' }}: Monday to Friday. ${{ strong: 'Time' }}: at night, for example ${'02:00'} (${timeZone}). Tell us what you chose, and your holidays and the summer: then we notice when an export does not come, and do not write on a day without school.`,
      },
      { paragraph: after },
    ];
  }
  const days = calendar.days.map((day) => DAY_NAMES[day]).join(', ');
  return [
    {
      table: {
        head: [],
        rows: [
          [line`Days`, [days]],
          [line`Time`, line`${calendar.time} (${timeZone})`],
          [line`No export on`, daysOff(calendar)],
        ],
      },
    },
    {
      paragraph: line`We expect it within ${{ strong: `${calendar.graceMinutes} minutes` }} of that time, and write to your contacts when it has not come. Holidays, or weeks of the summer, that are missing above: please send them to us, every year anew.`,
    },
    { paragraph: after },
  ];
}

/** Holidays and blackouts, in the order of the days. */
function daysOff({ holidays, blackouts }: DeliveryCalendar): Line {
  const ranges = [...holidays.map((from) => ({ from, to: from })), ...blackouts];
  if (ranges.length === 0) return line`no days yet: please send us your holidays and the summer`;
  return ranges
    .toSorted((a, b) => (a.from < b.from ? -1 : 1))
    .flatMap(({ from, to }, at) => [at === 0 ? '' : ', ', from === to ? from : `${from} to ${to}`])
    .filter((piece) => piece !== '');
}

function launchPad({ settings, signOnUrl }: SetUpSheetModel): SheetPart[] {
  const who = {
    off: 'Sign-on is switched off for you until we agree to start it.',
    teachers: 'For now teachers can sign in, as agreed with you.',
    students: 'For now students can sign in, as agreed with you.',
    all: 'Everybody who is shared in step 1 can sign in.',
  }[settings.sso.roles];
  return [
    {
      paragraph: line`Add the app ${{ strong: PRODUCT }} to LaunchPad, for the same people whom you shared in step 1: rostering and LaunchPad are assigned separately. ${{ strong: who }}`,
    },
    { paragraph: line`Sign in as one student and one teacher before you tell everybody.` },
    {
      paragraph: line`You need not type these addresses; if somebody asks for them, or a filter has to let them through, they are:`,
    },
    {
      table: {
        head: [],
        rows: [
          [line`Launch URL`, line`${`${signOnUrl}/launch`}`],
          [line`Redirect URL`, line`${`${signOnUrl}/callback`}`],
        ],
      },
    },
  ];
}

function whatNext({ settings }: SetUpSheetModel): SheetPart[] {
  const first =
    settings.firstSync === 'hold'
      ? line`We read your first export within minutes and look at its counts per school with you. Only then is it applied.`
      : line`We read your first export within minutes and apply it.`;
  const contacts =
    settings.contacts.length === 0
      ? line`When an export could not be used, waits, or is late, we write to the people whom you name to us. We have no address yet.`
      : line`When an export could not be used, waits, or is late, we write to ${settings.contacts.join(', ')}.`;
  return [
    {
      steps: [
        line`Click ${{ strong: 'Send Now' }}.`,
        first,
        line`From then on every export updates your roster. Records that are missing become inactive; nobody's work is deleted, and who comes back gets it back. What looks like a broken export waits until a person has looked at it.`,
        contacts,
      ],
    },
    {
      paragraph: line`${{ strong: 'A new school year' }} is a large change, and a large change waits for a person: tell us the week before.`,
    },
    {
      paragraph: line`To try something without changing anything, upload the files into a folder called ${'test'}: they are read, and never applied. Ask us what we found. A test upload that cannot be used gets the same mail as an export: rejected, or incomplete.`,
    },
  ];
}

const report = ({ reportsInFolder }: SetUpSheetModel): SheetPart[] => [
  ...(reportsInFolder ? REPORT_FILES : REPORT_MAILS),
  {
    list: [
      line`${{ strong: 'Applied' }} or ${{ strong: 'unchanged' }}: your roster is what you sent.`,
      line`${{ strong: 'Held' }}: it looks unusual, and waits for a person. Everybody can go on working meanwhile.`,
      line`${{ strong: 'Rejected' }} or ${{ strong: 'incomplete' }}: nothing was changed. Correct it in your SIS and send again.`,
      line`An ${{ strong: 'error' }} concerns one row: that record stays as it was. A ${{ strong: 'warning' }} is worth a look.`,
    ],
  },
];

const SOME_CODE: FindingCode = 'duplicate-file';

const REPORT_MAILS: readonly SheetPart[] = [
  {
    paragraph: line`The mails to your contacts begin with the verdict, and name what was wrong by a code such as ${SOME_CODE}, with what to do about it. They hold no names of people. Answer one, and we send you the rows that it is about: file, row, column.`,
  },
];

const REPORT_FILES: readonly SheetPart[] = [
  {
    paragraph: line`The same SFTP login shows a folder ${'reports'}, with one folder for each export. You can read it, and nothing else can be put there.`,
  },
  {
    table: {
      head: ['File', 'What it is'],
      rows: [
        [
          line`${'report.html'}`,
          line`for you: what was taken, what was not, and why, the most important first. Open it in a browser.`,
        ],
        [
          line`${'findings.csv'}`,
          line`the same row by row, for your SIS people: file, row, column, what is wrong, what to do. No names.`,
        ],
        [line`${'status.json'}`, line`for programs: the verdict and the counts.`],
      ],
    },
  },
];
