import { EnvironmentFailure, readEnvironment } from '../../lib/contracts/environment.ts';

const SPEC = { TABLE_NAME: 'string', QUIET_SECONDS: 'integer' } as const;

test('takes what the spec names, integers as numbers', () => {
  const env = { TABLE_NAME: 't', QUIET_SECONDS: '180', HOME: '/root' };
  const values: { readonly TABLE_NAME: string; readonly QUIET_SECONDS: number } = readEnvironment(SPEC, env);
  expect(values).toEqual({ TABLE_NAME: 't', QUIET_SECONDS: 180 });
});

test.each<[string, Record<string, string>, string]>([
  ['all that is missing, at once', {}, 'environment: TABLE_NAME is missing, QUIET_SECONDS is missing'],
  ['an empty value', { TABLE_NAME: '', QUIET_SECONDS: '1' }, 'environment: TABLE_NAME is missing'],
  [
    'a number that is none',
    { TABLE_NAME: 't', QUIET_SECONDS: '3 min' },
    'environment: QUIET_SECONDS is not an integer',
  ],
  ['a fraction', { TABLE_NAME: 't', QUIET_SECONDS: '1.5' }, 'environment: QUIET_SECONDS is not an integer'],
])('names %s', (_name, env, message) => {
  expect(() => readEnvironment(SPEC, env)).toThrow(new EnvironmentFailure(message));
});
