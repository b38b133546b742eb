import { invalidValue, SqsError } from './errors.ts';

/** The JSON object of a request, or of one entry of a batch. */
export type Parameters = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Parameters =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const malformed = (name: string, type: string): SqsError =>
  new SqsError('SerializationException', `${name} must be ${type}.`);

/** A text that may be absent. Throws `SerializationException` for another type, as all readers here do. */
export function optionalText(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw malformed(name, 'a string');
  return value;
}

/** A text that must be there. Throws `MissingParameter`. */
export function requiredText(parameters: Parameters, name: string): string {
  const value = optionalText(parameters, name);
  if (value === undefined) throw new SqsError('MissingParameter', `The request must contain the parameter ${name}.`);
  return value;
}

/** A whole number within bounds that may be absent. Throws `InvalidParameterValue`. */
export function optionalInteger(
  parameters: Parameters,
  name: string,
  bounds: { readonly min: number; readonly max: number },
): number | undefined {
  const value = parameters[name];
  if (value === undefined || value === null) return undefined;
  const inside = Number.isInteger(value) && Number(value) >= bounds.min && Number(value) <= bounds.max;
  if (!inside) throw invalidValue(name, value, `Must be between ${bounds.min} and ${bounds.max}, if provided.`);
  return Number(value);
}

/** A list of texts; absent is empty. */
export function textList(parameters: Parameters, name: string): readonly string[] {
  const value = parameters[name] ?? [];
  if (Array.isArray(value) && value.every((item): item is string => typeof item === 'string')) return value;
  throw malformed(name, 'a list of strings');
}

/** A map of texts; absent is empty. */
export function textMap(parameters: Parameters, name: string): Readonly<Record<string, string>> {
  const value = parameters[name] ?? {};
  if (!isObject(value)) throw malformed(name, 'a map');
  return Object.fromEntries(Object.keys(value).map((key) => [key, requiredText(value, key)]));
}

/** A map of objects; absent is empty. */
export function objectMap(parameters: Parameters, name: string): Readonly<Record<string, Parameters>> {
  const value = parameters[name] ?? {};
  if (!isObject(value)) throw malformed(name, 'a map');
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (!isObject(item)) throw malformed(`${name}.${key}`, 'an object');
      return [key, item];
    }),
  );
}

/** A list of objects; absent is empty. */
export function objectList(parameters: Parameters, name: string): readonly Parameters[] {
  const value = parameters[name] ?? [];
  if (Array.isArray(value) && value.every(isObject)) return value;
  throw malformed(name, 'a list of objects');
}

/** Reads the body of a request. Throws `SerializationException`. */
export function parseParameters(json: string): Parameters {
  let value: unknown;
  try {
    value = JSON.parse(json === '' ? '{}' : json);
  } catch {
    throw new SqsError('SerializationException', 'The body is not JSON.');
  }
  if (!isObject(value)) throw malformed('The body', 'a JSON object');
  return value;
}
