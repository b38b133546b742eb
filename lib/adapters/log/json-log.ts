import type { LogFields, Logger } from '../../ports/logger.ts';

/**
 * Logs JSON lines for CloudWatch. Of an error it says name, code and where it was thrown, not its message: messages of
 * other people's libraries may quote keys, and keys hold sourcedIds and file names (R22).
 */
export function createJsonLog(write: (line: string) => void = writeOut): Logger {
  const line = (level: string, message: string, fields: object) => write(JSON.stringify({ level, message, ...fields }));
  return {
    info: (message, fields: LogFields = {}) => line('info', message, fields),
    error: (message, thrown, fields: LogFields = {}) => line('error', message, { ...fields, ...describe(thrown) }),
  };
}

/** Not `console.log`: Lambda puts its own words before that, and a filter of CloudWatch reads only lines that are JSON. */
const writeOut = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

function describe(thrown: unknown): object {
  if (!(thrown instanceof Error)) return { error: typeof thrown };
  const code = 'code' in thrown && typeof thrown.code === 'string' ? { code: thrown.code } : {};
  const at = (thrown.stack ?? '')
    .split('\n')
    .filter((each) => /^\s+at /.test(each))
    .slice(0, 6)
    .map((each) => each.trim());
  return { error: thrown.name, ...code, at };
}
