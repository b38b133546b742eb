import { brokenHabits } from './habits.ts';
import { codeOf, productSources } from './sources.ts';

test('every file keeps the habits of the house', () => {
  expect(productSources().flatMap(brokenHabits)).toEqual([]);
});

describe('the check itself', () => {
  const long = (lines: number) => 'const a = 1;\n'.repeat(lines);

  test.each([
    ['lib/core/plan/long.ts', long(301), '301 lines'],
    ['lambdas/plan/handler.ts', long(61), '61 lines'],
    ['lib/core/plan/utils.ts', '', 'called utils'],
    ['lib/adapters/s3/index.ts', '', 'called index'],
    ['lib/core/plan/planDiff.ts', '', 'kebab-case'],
    ['lib/cli/a.ts', 'const a: any = 1;', 'any'],
    ['lib/cli/a.ts', 'const a = b as any;', 'any'],
    ['lib/cli/a.ts', 'const a: Map<string, any> = b;', 'any'],
    ['lib/cli/a.ts', 'let a: any[];', 'any'],
    ['lib/cli/a.ts', "export { a } from './b.ts';", 'passes on'],
    ['lib/cli/a.ts', "export * from './b.ts';", 'passes on'],
    ['lib/core/a.ts', 'const now = Date.now();', 'from the air'],
    ['lib/flows/a.ts', 'const now = new Date();', 'from the air'],
    ['lib/flows/a.ts', 'const id = crypto.randomUUID();', 'from the air'],
    ['lib/core/a.ts', 'const a = process.env;', 'from the air'],
  ])('%s with %j breaks one habit', (path, text, says) => {
    const broken = brokenHabits({ path, text });
    expect(broken).toHaveLength(1);
    expect(broken[0]).toContain(says);
  });

  test.each([
    ['lib/core/plan/fits.ts', long(300)],
    ['lib/core/a.ts', '// any: number, Date.now() and process.env may stand in a comment'],
    ['lib/core/a.ts', "const a = 'it is: any of them';"],
    ['lib/core/a.ts', 'const a = new Date(text);'],
    ['lib/core/a.ts', 'const a = list.some((any) => any > 1);'],
    ['lib/adapters/clock/a.ts', 'const now = Date.now();'],
    ['lib/local/dynamodb/dynalite.d.ts', ''],
  ])('%s with %j breaks none', (path, text) => {
    expect(brokenHabits({ path, text })).toEqual([]);
  });

  test('code is what stands neither in comments nor in quotes', () => {
    const text = "a('//x'); // any\n/* any */ b(\"it's\", `any`);";
    expect(codeOf(text).replace(/\s+/g, ' ')).toBe("a(''); b('', '');");
  });
});
