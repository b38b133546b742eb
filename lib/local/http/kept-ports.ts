import { readFile, writeFile } from 'node:fs/promises';

/** The ports that servers had at the last start, by name. An unreadable file is none. */
export async function readKeptPorts(file: string): Promise<Readonly<Record<string, number>>> {
  try {
    const kept: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof kept !== 'object' || kept === null) return {};
    return Object.fromEntries(Object.entries(kept).filter(([, port]) => Number.isInteger(port) && port > 0));
  } catch {
    return {};
  }
}

/** Keeps the ports for the next start. */
export const keepPorts = (file: string, ports: Readonly<Record<string, number>>): Promise<void> =>
  writeFile(file, JSON.stringify(ports));
