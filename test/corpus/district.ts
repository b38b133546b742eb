import { FILE_OF, HEADERS, type Kind } from './standard.ts';
import type { Export, TextTable } from './tables.ts';

/** Makes a district of its own: other ids, other names. */
export interface DistrictSeed {
  readonly ids: number;
  readonly names: number;
}

interface School {
  readonly key: string;
  readonly name: string;
  readonly grades: readonly string[];
  readonly students: number;
  readonly teachers: number;
  readonly subjects: readonly string[];
}

/** 44 students. One school is large enough for R11's floors, one so small that it has hardly anything to lose. */
const SCHOOLS: readonly School[] = [
  {
    key: 'lin',
    name: 'Lincoln Elementary',
    grades: ['03', '04'],
    students: 28,
    teachers: 3,
    subjects: ['Reading', 'Art'],
  },
  {
    key: 'roo',
    name: 'Roosevelt Middle',
    grades: ['07'],
    students: 8,
    teachers: 3,
    subjects: ['Math', 'Science', 'Art'],
  },
  {
    key: 'har',
    name: 'Harding High',
    grades: ['10'],
    students: 6,
    teachers: 2,
    subjects: ['Math', 'Literature', 'Band'],
  },
  {
    key: 'eve',
    name: 'Evening "Second Chance" School',
    grades: ['12'],
    students: 2,
    teachers: 1,
    subjects: ['Literature'],
  },
];
const GIVEN = [
  'Ana',
  'Ben',
  'Chloé',
  'Dmitri',
  'Emilia',
  'Farid',
  'Grace',
  'Hiro',
  'Ines',
  'Jamal',
  'Kai',
  'Lucía',
  'Mei',
];
const FAMILY = [
  'Abebe',
  'Brown',
  'Castillo',
  "D'Angelo",
  'Espinoza',
  'Fischer',
  'Gómez',
  'Haddad',
  'Ivanov',
  'Johnson',
  'Kim',
];

/** A small generator of numbers: the same seed, the same sequence. */
function numbersFrom(seed: number): (below: number) => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** The rows of one kind while a district is being made; cells by column name. */
type Rows = Record<string, string>[];

/** A whole export of a district of at most 60 students, as an SIS would send it every night. */
export function districtExport(seed: DistrictSeed): Export {
  const rows: Record<Kind, Rows> = {
    org: [],
    academicSession: [],
    course: [],
    user: [],
    class: [],
    enrollment: [],
    demographics: [],
  };
  new Maker(seed, rows).make();
  const manifest: TextTable = {
    header: ['propertyName', 'value'],
    rows: [
      ['manifest.version', '1.0'],
      ['oneroster.version', '1.1'],
      ...['academicSessions', 'categories', 'classResources', 'classes', 'courseResources', 'courses', 'demographics']
        .concat(['enrollments', 'lineItems', 'orgs', 'resources', 'results', 'users'])
        .map((file) => [`file.${file}`, Object.values<string>(FILE_OF).includes(file) ? 'bulk' : 'absent']),
      ['source.systemName', 'Corpus SIS'],
      ['source.systemCode', 'corpus'],
    ],
  };
  const tables = Object.entries(FILE_OF).map(([kind, file]) => [file, tableOf(kind as Kind, rows[kind as Kind])]);
  return { manifest, ...Object.fromEntries(tables) } as Export;
}

const tableOf = (kind: Kind, rows: Rows): TextTable => ({
  header: HEADERS[kind],
  rows: rows.map((row) => HEADERS[kind].map((column) => row[column] ?? '')),
});

class Maker {
  readonly #rows: Record<Kind, Rows>;
  readonly #idNumber: (below: number) => number;
  readonly #pick: (below: number) => number;
  readonly #district: string;
  #people = 0;

  constructor(seed: DistrictSeed, rows: Record<Kind, Rows>) {
    this.#rows = rows;
    this.#idNumber = numbersFrom(seed.ids);
    this.#pick = numbersFrom(seed.names);
    this.#district = `d${seed.ids}`;
  }

  make(): void {
    const district = `${this.#district}-office`;
    this.#add('org', district, { name: 'Maple Unified', type: 'district', identifier: this.#pickDigits(7) });
    const year = this.#session('y27', '2026-2027', 'schoolYear', '2026-08-10', '2027-06-11', '');
    const terms = [
      this.#session('fall', 'Fall', 'semester', '2026-08-10', '2026-12-18', year),
      this.#session('spring', 'Spring', 'semester', '2027-01-11', '2027-06-11', year),
    ];
    this.#person('administrator', [district], {});
    for (const school of SCHOOLS) this.#school(school, district, year, terms);
  }

  #school(school: School, district: string, year: string, terms: readonly string[]): void {
    const org = `${this.#district}-${school.key}`;
    this.#add('org', org, {
      name: school.name,
      type: 'school',
      identifier: this.#pickDigits(12),
      parentSourcedId: district,
    });
    const teachers = Array.from({ length: school.teachers }, () => this.#person('teacher', [org], {}));
    this.#person('administrator', school.key === 'har' ? [org, district] : [org], {});
    const students = Array.from({ length: school.students }, (_, at) => {
      const grades = school.grades[at % school.grades.length] ?? '';
      const agents = at % 9 === 0 ? this.#person('parent', [org], {}) : '';
      const student = this.#person('student', [org], { grades, agentSourcedIds: agents });
      this.#add('demographics', student, this.#demographics(at));
      return { student, grades };
    });
    school.grades.forEach((grade) => {
      const members = students.filter(({ grades }) => grades === grade).map(({ student }) => student);
      this.#class(school, org, year, terms, grade, 'Homeroom', teachers[0] ?? '', members);
      school.subjects.forEach((subject, at) => {
        this.#class(school, org, year, terms, grade, subject, teachers[at % teachers.length] ?? '', members);
      });
    });
  }

  #class(
    school: School,
    org: string,
    year: string,
    terms: readonly string[],
    grade: string,
    subject: string,
    teacher: string,
    students: readonly string[],
  ): void {
    const subjects = subject === 'Homeroom' ? '' : `${subject},General`;
    const course = this.#id('crs');
    this.#add('course', course, {
      ...{
        schoolYearSourcedId: year,
        title: `${subject}, grade ${grade}`,
        courseCode: `${subject.slice(0, 3)}${grade}`,
      },
      ...{ grades: grade, orgSourcedId: org, subjects, subjectCodes: subjects === '' ? '' : '0310,0311' },
    });
    const section = this.#id('cls');
    this.#add('class', section, {
      ...{ title: `${subject} ${grade} (${school.name})`, grades: grade, courseSourcedId: course },
      ...{ classCode: `${school.key}-${subject.slice(0, 2)}`, classType: subjects === '' ? 'homeroom' : 'scheduled' },
      ...{ location: `Room ${100 + this.#pick(80)}`, schoolSourcedId: org, termSourcedIds: terms.join(',') },
      ...{ subjects, subjectCodes: subjects === '' ? '' : '0310,0311' },
      ...{ periods: subjects === '' ? '' : `${1 + this.#pick(6)},${7 + this.#pick(2)}` },
    });
    const dates = { beginDate: '2026-08-10', endDate: subjects === '' ? '' : '2027-06-11' };
    const common = { classSourcedId: section, schoolSourcedId: org };
    this.#add('enrollment', this.#id('enr'), { ...common, userSourcedId: teacher, role: 'teacher', primary: 'true' });
    for (const student of students) {
      const cells = { ...common, ...dates, userSourcedId: student, role: 'student', primary: 'false' };
      this.#add('enrollment', this.#id('enr'), cells);
    }
  }

  #session(key: string, title: string, type: string, startDate: string, endDate: string, parent: string): string {
    const id = `${this.#district}-${key}`;
    this.#add('academicSession', id, {
      ...{ title, type, startDate, endDate },
      ...{ parentSourcedId: parent, schoolYear: '2027' },
    });
    return id;
  }

  #person(role: string, orgs: readonly string[], cells: Readonly<Record<string, string>>): string {
    const id = this.#id({ student: 'stu', teacher: 'tch', parent: 'par' }[role] ?? 'adm');
    const given = GIVEN[this.#pick(GIVEN.length)] ?? '';
    const family = FAMILY[this.#pick(FAMILY.length)] ?? '';
    const name = `${given.slice(0, 1)}${family.replace(/\W/g, '')}${++this.#people}`.toLowerCase();
    this.#add('user', id, {
      ...{
        enabledUser: 'true',
        orgSourcedIds: orgs.join(','),
        role,
        username: name,
        givenName: given,
        familyName: family,
      },
      ...{ userIds: `{LDAP:${name}}`, middleName: this.#pick(3) === 0 ? 'J.' : '', identifier: this.#pickDigits(6) },
      ...{ email: `${name}@maple.example`, sms: '555-0100', phone: '555-0101', ...cells },
    });
    return id;
  }

  #demographics(at: number): Record<string, string> {
    const race = String(at % 4 === 0);
    return {
      ...{ birthDate: `20${10 + (at % 8)}-0${1 + (at % 9)}-1${at % 10}`, sex: at % 2 === 0 ? 'female' : 'male' },
      ...{ americanIndianOrAlaskaNative: 'false', asian: race, blackOrAfricanAmerican: 'false', white: 'true' },
      ...{ nativeHawaiianOrOtherPacificIslander: 'false', demographicRaceTwoOrMoreRaces: race },
      ...{ hispanicOrLatinoEthnicity: String(at % 3 === 0), countryOfBirthCode: 'US', stateOfBirthAbbreviation: 'CA' },
      ...{ cityOfBirth: at % 5 === 0 ? 'San José' : 'Fresno', publicSchoolResidenceStatus: '01652' },
    };
  }

  #id(prefix: string): string {
    return `${prefix}-${this.#idNumber(2 ** 32)
      .toString(16)
      .padStart(8, 'a')}`;
  }

  #pickDigits(length: number): string {
    return Array.from({ length }, () => this.#pick(10)).join('');
  }

  #add(kind: Kind, sourcedId: string, cells: Readonly<Record<string, string>>): void {
    this.#rows[kind].push({ sourcedId, ...cells });
  }
}
