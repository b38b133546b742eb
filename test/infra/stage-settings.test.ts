import { stageSettings } from '../../lib/infra/stage-settings.ts';

test.each([undefined, 'production', '', 'DEV', 7])(
  'stage %p is refused, and the message says what there is',
  (stage) => {
    expect(() => stageSettings(stage)).toThrow(/no such stage: .*; say -c stage=dev or -c stage=prod/);
  },
);

test.each(['dev', 'prod'] as const)('%s: numbers that AWS accepts', (stage) => {
  const settings = stageSettings(stage, '222222222222');
  expect(settings).toMatchObject({ stage, account: '222222222222' });
  expect(settings.availabilityZones.length).toBeLessThanOrEqual(3);
  expect(settings.exportDays).toBeGreaterThan(8);
  for (const worker of Object.values(settings.workers)) {
    expect(worker.timeoutSeconds).toBeLessThanOrEqual(900);
    expect(worker.memoryMegabytes).toBeLessThanOrEqual(10_240);
    expect(worker.concurrency).toBeGreaterThanOrEqual(2);
  }
});
