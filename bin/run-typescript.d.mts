/** Runs one of the entries in this process; see the module. */
export function runTypeScript(entry: string): Promise<void>;
/** The folder with the translation of `entries`, paths in `project`, as they are now: `bin/x.ts` is `bin/x.mjs` there. */
export function translated(project: string, entries: readonly string[]): Promise<string>;
