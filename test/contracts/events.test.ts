import { readFileSync } from 'node:fs';
import { fromJSONSchema } from 'zod';
import { EVENT_SCHEMAS } from '../../lib/contracts/event-schema.ts';
import { detailOf, type EventType, eventIdOf, type RollcallEvent } from '../../lib/contracts/events.ts';
import { EVENT_SAMPLES } from '../support/event-samples.ts';

const DOCS = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8');
const samples = Object.entries(EVENT_SAMPLES) as [EventType, RollcallEvent][];

const schemaOf = (type: EventType) => fromJSONSchema(EVENT_SCHEMAS[type] as Parameters<typeof fromJSONSchema>[0]);
const fits = (type: EventType, value: object) => schemaOf(type).safeParse(value).success;

test.each(samples)('the schema of %s takes its event, demands each field, and takes no other', (type, event) => {
  const detail = detailOf(event);
  expect(schemaOf(type).safeParse(detail).error).toBeUndefined();
  expect(fits(type, { ...detail, fileName: 'users.csv' })).toBe(false);
  for (const field of Object.keys(detail)) {
    const { [field as 'type']: _, ...without } = detail;
    expect([field, fits(type, without)]).toEqual([field, false]);
  }
});

test('each schema takes only its own type', () => {
  const taken = samples.flatMap(([type]) =>
    samples.filter(([, event]) => fits(type, detailOf(event))).map(([other]) => [type, other]),
  );
  expect(taken).toEqual(samples.map(([type]) => [type, type]));
});

test('docs/events.md shows the schemas as they are, and names every type in its table', () => {
  const [, block = ''] = /```json\n(.*?)```/s.exec(DOCS) ?? [];
  expect(JSON.parse(block)).toEqual(EVENT_SCHEMAS);
  const named = [...DOCS.matchAll(/^\| `(rollcall\.[a-z.-]+)`/gm)].map(([, type]) => type);
  expect(named.sort()).toEqual(Object.keys(EVENT_SCHEMAS).sort());
});

test('the same thing told again has the same id, another thing another one', () => {
  const { 'rollcall.sync.held': held, 'rollcall.sync.late': late } = EVENT_SAMPLES;
  const ids = samples.map(([, event]) => eventIdOf(event));
  const more = [
    { ...held, waitingDays: 1 },
    { ...held, syncId: 's-2' },
    { ...late, localDate: '2026-11-25' },
    { ...late, districtId: 'cedar-city' },
  ].map(eventIdOf);
  expect(new Set([...ids, ...more]).size).toBe(ids.length + more.length);
  expect(eventIdOf({ ...held, codes: ['updates'] })).toBe(eventIdOf(held));
});
