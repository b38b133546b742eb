import type { RequestData } from 'dynalite/db/index.js';

type ParseExpressions = (data: RequestData) => string | undefined;

/** Parsed conditions kept at most; a load uses two or three. */
const maxConditions = 500;
const otherExpressions = ['UpdateExpression', 'KeyConditionExpression', 'FilterExpression', 'ProjectionExpression'];

/**
 * dynalite's expression parser (it returns a refusal, or sets `_condition` and others) with a memory for requests whose
 * only expression is a condition: 99 puts of a transaction carry the same one, and parsing it takes longer than the
 * rest of a put. Update expressions are changed by their use and cannot be shared.
 */
export function rememberConditions(parse: ParseExpressions): ParseExpressions {
  const remembered = new Map<string, { refusal: string | undefined; condition: unknown }>();
  return (data) => {
    const condition = data['ConditionExpression'];
    if (typeof condition !== 'string' || otherExpressions.some((name) => data[name] != null)) return parse(data);
    const text = JSON.stringify([condition, data['ExpressionAttributeNames'], data['ExpressionAttributeValues']]);
    let parsed = remembered.get(text);
    if (parsed === undefined) {
      const refusal = parse(data);
      parsed = { refusal, condition: data['_condition'] };
      if (remembered.size >= maxConditions) remembered.clear();
      remembered.set(text, parsed);
    }
    data['_condition'] = parsed.condition;
    return parsed.refusal;
  };
}
