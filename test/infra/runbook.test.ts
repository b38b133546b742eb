import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUNBOOK_HEADINGS, runbookLink } from '../../lib/infra/runbook.ts';
import { resources, settings } from './synthesized.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');
const below = page.split('## Alarms')[1] ?? '';
const headings = [...below.matchAll(/^### (.*)$/gm)].map((match) => match[1]);
const alarms = resources('AWS::CloudWatch::Alarm');

test('every heading below Alarms has an alarm', () => {
  expect(headings).toEqual([...RUNBOOK_HEADINGS]);
  const said = alarms.map(([, alarm]) => String(alarm.Properties['AlarmDescription']));
  for (const heading of RUNBOOK_HEADINGS) {
    const link = runbookLink(heading, settings.runbookUrl);
    expect(said.some((each) => each.endsWith(link))).toBe(true);
  }
});

test.each(alarms)('%s names a heading, tells somebody, and knows what silence means', (_, alarm) => {
  const { AlarmDescription, AlarmActions, TreatMissingData } = alarm.Properties;
  const anchors = headings.map((heading) => heading?.toLowerCase().replaceAll(' ', '-'));
  const [, page, anchor] = /(https:\/\/[^#]+)#(\S+)$/.exec(String(AlarmDescription)) ?? [];
  expect(page).toBe(settings.runbookUrl);
  expect(anchors).toContain(anchor);
  expect(AlarmActions).toHaveLength(1);
  expect(TreatMissingData).toMatch(/^(notB|b)reaching$/);
});
