import { dirname, join } from 'node:path';
import type { Room } from './rooms.ts';
import type { Source } from './sources.ts';

const STATEMENT = /^\s*(?:import|export)\s(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;

/** What a file imports, as it stands there: static, re-exported, for its types, and at run time. */
export const importsOf = (text: string): readonly string[] =>
  [...text.matchAll(STATEMENT)].map((match) => match[1] ?? match[2] ?? '');

/** Every import of the file that its room does not allow, as a sentence each. */
export function forbiddenImports(source: Source, rooms: readonly Room[]): readonly string[] {
  const room = rooms.find((each) => each.files.test(source.path));
  if (!room) return [`${source.path} is in no room of the map`];
  return importsOf(source.text)
    .filter((name) => !isAllowed(name, source.path, room))
    .map((name) => `${source.path} imports ${name}`);
}

function isAllowed(name: string, from: string, room: Room): boolean {
  if (name.startsWith('.')) return room.imports.test(join(dirname(from), name));
  return room.packages.some((allowed) =>
    allowed === 'node:' ? name.startsWith('node:') : name === allowed || name.startsWith(`${allowed}/`),
  );
}
