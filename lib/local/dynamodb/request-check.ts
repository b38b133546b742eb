import type { RequestData, Store } from 'dynalite/db/index.js';
import type { FieldTypes, RequestCheck } from 'dynalite/validations/index.js';
import { requestRules } from './dynalite-parts.ts';

/** Attribute maps of a request; most of its bytes are here. */
const attributeMaps = ['Item', 'Key', 'ExpressionAttributeValues'] as const;

/**
 * Checks a request in dynalite's way and returns it with its expressions parsed.
 *
 * dynalite rebuilds every attribute value while it checks types, which costs more than all else that a put does.
 * Attribute maps that are plainly well formed are therefore set aside meanwhile; the others go its way, for its words.
 *
 * @throws an error answer (service-error.ts): ValidationException or SerializationException
 */
export function checkRequest(check: RequestCheck, request: RequestData, store: Store): RequestData {
  const setAside: RequestData = {};
  const rest: RequestData = { ...request };
  for (const name of attributeMaps) {
    if (name in check.types && isPlainMap(request[name])) {
      setAside[name] = request[name];
      delete rest[name];
    }
  }
  const data = Object.assign(requestRules.checkTypes(rest, check.types), setAside);
  requestRules.checkValidations(data, check.types, check.custom, store);
  return data;
}

/** A check with more (or, where the value is null, fewer) fields. */
export function withFields(check: RequestCheck, fields: FieldTypes): RequestCheck {
  const types = Object.fromEntries(Object.entries({ ...check.types, ...fields }).filter(([, type]) => type !== null));
  return { ...check, types };
}

function isPlainMap(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  for (const name in value) {
    if (!isPlainValue((value as Record<string, unknown>)[name])) return false;
  }
  return true;
}

/** One type, and a value of that type. Binary is not plain: its base64 needs dynalite's look. */
function isPlainValue(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const [type, ...others] = Object.keys(value);
  if (type === undefined || others.length > 0) return false;
  const content = (value as Record<string, unknown>)[type];
  switch (type) {
    case 'S':
    case 'N':
      return typeof content === 'string';
    case 'BOOL':
    case 'NULL':
      return typeof content === 'boolean';
    case 'SS':
    case 'NS':
      return Array.isArray(content) && content.every((member) => typeof member === 'string');
    case 'L':
      return Array.isArray(content) && content.every(isPlainValue);
    case 'M':
      return isPlainMap(content);
    default:
      return false;
  }
}
