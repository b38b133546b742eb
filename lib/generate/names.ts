/** Given names, mixed on purpose: plain, accented, not Latin, with a quoted nickname. All people are invented. */
export const GIVEN_NAMES: readonly string[] = [
  ...['Amara', 'José', 'Zoë', 'Liam', 'Noor', 'Søren', 'Priya', 'Thảo', 'Łukasz', 'Imani', 'Mateo', 'Chloé', 'Kenji'],
  ...['Ana María', 'Robert "Bob"', 'Elif', 'Tomás', 'Grace', 'Idris', 'Mei', 'Olivia', 'Jürgen', 'Naïma', 'Caleb'],
  ...['Sofía', 'Dmitri', 'Aaliyah', 'Wren', 'Håkon', 'Lucía', 'Omar', 'Hannah', 'Ngozi', 'Ethan', 'Mary-Kate', 'Rosa'],
  ...['Emeka', 'Yuki', 'Isla', 'Margaret "Peggy"', 'Andrés', 'Fatima', 'Jonah', 'Renée', 'Tariq', 'Lena', 'Diego'],
  ...['Xiu', 'Ezra', 'Beatriz', "D'Andre", 'Ingrid', 'Malik', 'Siobhán', 'Leilani', 'Viktor', 'Ayşe', 'Samuel', '美玲'],
  ...['Nina', 'Hugo', 'Kiara', 'Theo', 'Paloma', 'Ravi', 'Esther', 'Marcus', 'Ōe', 'Jasmine', 'Farid', 'Georgia'],
];

/** Family names, mixed on purpose: apostrophes, hyphens, blanks, commas, accents, not Latin. */
export const FAMILY_NAMES: readonly string[] = [
  ...['Müller', 'Nguyễn', "O'Brien", 'Okafor', 'García', 'Whitfield, Jr.', 'Larsen', 'Kowalczyk', 'Haddad', 'Tran'],
  ...['de la Cruz', 'Castañeda', 'Bell', 'Abernathy', 'Yamamoto', 'Núñez', 'St. Clair', 'Petrov', 'Rivera-Ortiz'],
  ...['Adeyemi', 'Ferreira', 'Lindqvist', 'McAllister', 'Sharma', 'Đặng', 'Washington', 'Beaumont', 'Yıldız', 'Cole'],
  ...['Peña', 'Harrington, III', 'Kim', 'Osei', 'Vargas', 'Novák', 'Thornberry', "D'Angelo", 'Hussein', 'Marsh'],
  ...['Öztürk', 'van der Berg', 'Iglesias', 'Redfeather', 'Chowdhury', 'Flores', 'Grünwald', 'Baptiste', 'Ito'],
  ...['Sandoval', 'Ashworth', 'Mbeki', 'Jørgensen', 'Valdés', 'Winslow', 'Siddiqui', 'Romero', 'Þórsson', 'Park'],
  ...['Delacroix', 'Hollis', 'Šimić', 'Mendoza', 'Ferguson', 'Ahmadi', 'Pruitt', 'Salazar', 'Weiß', 'Nakamura', '王'],
  ...['Ellison', 'Guerrero', 'Brandt', 'Toussaint', 'Quispe', 'Blackwood', 'Rahman', 'Ocampo', 'Holt', 'Zieliński'],
];

/** Middle names; blank is not among them. */
export const MIDDLE_NAMES: readonly string[] = ['James', 'Marie', 'Lee', 'Inés', 'Ray', 'Anh', 'Jean Luc', 'Noelle'];

/** Invented places, for names of schools and towns. */
export const PLACE_NAMES: readonly string[] = [
  ...['Juniper', 'Cedar Hollow', 'Marigold', 'Stone Bridge', 'Lakeview', 'Harvest Lane', 'Redtail', 'Piñon Ridge'],
  ...['Willow Creek', 'Foxglove', 'Granite Bay', 'Sunnyfield', 'Old Mill', 'Larkspur', 'Briarwood', 'Copper Canyon'],
  ...['Heron Point', 'Ashgrove', 'Northgate', 'Clover Hill', 'Silver Birch', 'Thistledown', 'Eagle Pass', 'Elm Street'],
  ...['Harbor View', 'Prairie Wind', 'Saint Brendan', 'Orchard Park', 'Quail Run', 'Timberline', "Miller's Ferry"],
];

/** Names of districts, and the label that their e-mail domains carry. */
export const DISTRICT_NAMES: readonly (readonly [name: string, label: string])[] = [
  ['Maple Unified School District', 'maple'],
  ['Bluestem County Public Schools', 'bluestem'],
  ['Rio Ancón Independent School District', 'rioancon'],
  ['Fernwood City Schools', 'fernwood'],
];

/** Letters that Unicode does not take apart into a base letter and marks. */
const LETTERS: Readonly<Record<string, string>> = { ø: 'o', ł: 'l', đ: 'd', ß: 'ss', þ: 'th', ı: 'i' };

/** The letters a-z of a name, as user names are made from it; `x` where none is left. */
export function plainLetters(name: string): string {
  const folded = name.toLowerCase().replace(/[øłđßþı]/g, (letter) => LETTERS[letter] ?? '');
  return folded.normalize('NFD').replace(/[^a-z]/g, '') || 'x';
}
