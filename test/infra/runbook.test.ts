import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUNBOOK_HEADINGS, runbookLink } from '../../lib/infra/runbook.ts';
import { resources } from './synthesized.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');
const below = page.split('## Alarms')[1] ?? '';
const headings = [...below.matchAll(/^### (.*)$/gm)].map((match) => match[1]);
const alarms = resources('AWS::CloudWatch::Alarm');

test('every heading below Alarms has an alarm', () => {
  expect(headings).toEqual([...RUNBOOK_HEADINGS]);
  const said = alarms.map(([, alarm]) => String(alarm.Properties['AlarmDescription']));
  for (const heading of RUNBOOK_HEADINGS) {
    const link = runbookLink(heading);
    expect(said.some((each) => each.endsWith(link))).toBe(true);
  }
});

test.each(alarms)('%s names a heading, tells somebody, and knows what silence means', (_, alarm) => {
  const { AlarmDescription, AlarmActions, TreatMissingData } = alarm.Properties;
  const anchors = headings.map((heading) => heading?.toLowerCase().replaceAll(' ', '-'));
  expect(anchors).toContain(String(AlarmDescription).split('docs/runbook.md#')[1]);
  expect(AlarmActions).toHaveLength(1);
  expect(TreatMissingData).toMatch(/^(notB|b)reaching$/);
});
