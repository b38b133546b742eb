import { rollcall } from './rollcall-process.ts';

/** A sync as `rollcall sync ID --json` tells it, as far as tests look at it. */
export interface ShownSync {
  readonly state: string;
  readonly recordsWritten: number;
  readonly findings: readonly { readonly code: string; readonly file: string | null; readonly row: number | null }[];
}

/** Runs `rollcall sync ID --local --json`. */
export async function showSync(dataDir: string, id: string | null): Promise<ShownSync> {
  const { code, json, stderr } = await rollcall(['sync', String(id), '--local', '--data', dataDir, '--json']);
  const [line] = json;
  if (code !== 0 || line === undefined) throw new Error(`rollcall sync: ${JSON.stringify(json)} ${stderr}`);
  return line['sync'] as ShownSync;
}
