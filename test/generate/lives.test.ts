import { Lives } from '../../lib/generate/lives.ts';

const NOTHING = { add: 0, update: 0, deactivate: 0, reactivate: 0, unchanged: 0 };

describe('the life of a record decides how a sync counts it (R4)', () => {
  test.each<[string, (lives: Lives) => void, object]>([
    ['stays as it was', () => {}, { unchanged: 1 }],
    ['changes', (lives) => lives.change(0, 2), { update: 1 }],
    ['goes', (lives) => lives.vanish(0, 2), { deactivate: 1 }],
    [
      'goes and comes back the same in one night',
      (lives) => [lives.vanish(0, 2), lives.appear(0, 2, false)],
      { unchanged: 1 },
    ],
    [
      'goes and comes back changed in one night',
      (lives) => [lives.vanish(0, 2), lives.appear(0, 2, true)],
      { update: 1 },
    ],
    ['gets company', (lives) => lives.appear(1, 2, true), { unchanged: 1, add: 1 }],
    ['gets company for an hour', (lives) => [lives.appear(1, 2, true), lives.vanish(1, 2)], { unchanged: 1 }],
  ])('a record that %s', (_, night, expected) => {
    const lives = new Lives(1);
    lives.appear(0, 1, true);
    expect(lives.count(1)).toEqual({ ...NOTHING, add: 1 });
    lives.startNextDay();
    night(lives);
    expect(lives.count(2)).toEqual({ ...NOTHING, ...expected });
  });

  test('who came for an hour is new when really coming; who was away comes back, changed or not', () => {
    const lives = new Lives();
    lives.appear(0, 1, true);
    lives.startNextDay();
    lives.vanish(0, 2);
    lives.appear(1, 2, true);
    lives.vanish(1, 2);
    lives.startNextDay();
    expect(lives.count(3)).toEqual(NOTHING);
    lives.appear(0, 3, true);
    lives.appear(1, 3, true);
    expect(lives.count(3)).toEqual({ ...NOTHING, reactivate: 1, add: 1 });
    expect([...lives.present()]).toEqual([0, 1]);
  });
});
