import { stageSettings } from '../../lib/infra/stage-settings.ts';
import { filledIn } from './filled-in.ts';

test.each([undefined, 'production', '', 'DEV', 7])(
  'stage %p is refused, and the message says what there is',
  (stage) => {
    expect(() => stageSettings(stage)).toThrow(/no such stage: .*; say -c stage=dev or -c stage=prod/);
  },
);

test.each(['dev', 'prod'] as const)('%s: numbers that AWS accepts', (stage) => {
  const settings = filledIn(stage);
  expect(settings).toMatchObject({ stage, account: '222222222222' });
  expect(settings.availabilityZones.length).toBeLessThanOrEqual(3);
  expect(settings.exportDays).toBeGreaterThan(8);
  for (const worker of Object.values(settings.workers)) {
    expect(worker.timeoutSeconds).toBeLessThanOrEqual(900);
    expect(worker.memoryMegabytes).toBeLessThanOrEqual(10_240);
    expect(worker.concurrency).toBeGreaterThanOrEqual(2);
  }
});

test('stages of one account do not ask SES for the same domain: the second could not be deployed', () => {
  const made = (['dev', 'prod'] as const)
    .map((stage) => stageSettings(stage).mail)
    .filter((mail) => mail.identity === 'make');
  expect(made).toHaveLength(2);
  expect(new Set(made.map(({ domain }) => domain)).size).toBe(made.length);
});
