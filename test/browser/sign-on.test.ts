import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { sftp } from '../e2e/openssh.ts';
import { cleanUp, type RunningStack, startLocal, temporaryFolder, until } from '../e2e/rollcall-process.ts';
import { generateSignOnDistrict, type Rostered, type SignOnDistrict } from '../e2e/sign-on-district.ts';
import { outcomeOf } from '../e2e/uploads.ts';
import { describeInBrowser, startChromium, startWithoutCookies } from './chromium.ts';

const TENANT = '2284';

describeInBrowser('sign-on in a browser', () => {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  let district: SignOnDistrict;
  let stack: RunningStack;
  let chromium: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    district = await generateSignOnDistrict(folder);
    stack = await startLocal(['--data', data, '--quiet-seconds', '1', '--export', district.zip]);
    expect(await stack.nextSync()).toMatchObject({ state: 'applied' });
    chromium = await startChromium();
  });
  afterAll(async () => {
    await chromium?.close();
    await cleanUp();
  });
  beforeEach(async () => {
    context = await chromium.newContext();
    page = await context.newPage();
  });
  afterEach(() => context.close());

  /** Signs in to LaunchPad, as the school does in the morning. Not a part of the launch. */
  async function openLaunchPad(user: string, tenant = TENANT): Promise<void> {
    await page.goto(stack.ready.launchpad);
    const signOut = page.getByRole('button', { name: 'Sign out of LaunchPad' });
    if (await signOut.isVisible()) await signOut.click();
    await page.getByLabel('District').fill(tenant);
    await page.getByLabel('Login').fill(user);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  }

  /** One click, and nothing else. Answers every address that the browser went through. */
  async function clickIcon(): Promise<readonly string[]> {
    const visited: string[] = [];
    const note = (request: { isNavigationRequest(): boolean; url(): string }) => {
      if (request.isNavigationRequest()) visited.push(request.url());
    };
    page.on('request', note);
    await page.getByRole('link', { name: /Imagine/ }).click();
    await page.waitForLoadState('load');
    page.off('request', note);
    return visited;
  }

  async function launch({ sourcedId }: Rostered): Promise<readonly string[]> {
    await openLaunchPad(sourcedId);
    return clickIcon();
  }

  const welcome = () => page.getByRole('heading', { level: 1 }).textContent();
  const fields = () => page.locator('input:not([type=hidden]), select, textarea').count();

  test.each(['student', 'teacher'] as const)('a %s clicks the icon and is in, with no form filled', async (role) => {
    const person = (role === 'student' ? district.students : district.teachers)[0]!;
    const visited = await launch(person);
    expect(page.url()).toBe(stack.ready.product);
    expect(await welcome()).toBe(`Welcome, ${person.name}`);
    expect(await page.locator('#role').textContent()).toBe(role);
    expect(await page.locator('#schools li').count()).toBe(person.schools.length);
    expect(await page.locator('#classes li').count()).toBe(person.classes.length);
    expect(await fields()).toBe(0);
    // No page on the way stopped for anything: the browser went through in one go.
    expect(visited.filter((url) => url.includes('/launchpad/sign-in'))).toEqual([]);
  });

  test('the address bar, the referrer and scripts learn neither codes nor tokens', async () => {
    await launch(district.students[0]!);
    expect(new URL(page.url()).search).toBe('');
    expect(await page.evaluate('document.referrer')).not.toMatch(/code|state/);
    expect(await page.evaluate('document.cookie')).toBe('');
    for (const cookie of await context.cookies()) expect([cookie.name, cookie.httpOnly]).toEqual([cookie.name, true]);
  });

  test('who is not in the roster gets a page with a reason and a reference, and no session', async () => {
    await openLaunchPad('not-in-the-roster');
    await clickIcon();
    expect(page.url()).toMatch(new RegExp(`^${stack.ready.sso}/callback`));
    expect(await welcome()).toBe('You are not on a class list yet');
    expect(await page.locator('body').textContent()).toMatch(/NI-\w{4}-\w{4}/);
    await page.goto(stack.ready.product);
    expect(await welcome()).toBe('You are not signed in');
  });

  test('a second student on the same browser replaces the first, in every tab', async () => {
    const [first, second] = district.students as [Rostered, Rostered];
    await launch(first);
    const otherTab = await context.newPage();
    await otherTab.goto(stack.ready.product);
    await launch(second);
    expect(await welcome()).toBe(`Welcome, ${second.name}`);
    await otherTab.reload();
    expect(await otherTab.getByRole('heading', { level: 1 }).textContent()).toBe(`Welcome, ${second.name}`);
    await page.goBack();
    await page.goto(stack.ready.product);
    expect(await page.locator('body').textContent()).not.toContain(first.name);
  });

  test('reload, back and forward neither break nor show anybody else', async () => {
    const person = district.students[1]!;
    const visited = await launch(person);
    await page.reload();
    expect(await welcome()).toBe(`Welcome, ${person.name}`);
    await page.goBack();
    expect(page.url()).toBe(stack.ready.launchpad);
    await page.goForward();
    expect(await welcome()).toBe(`Welcome, ${person.name}`);
    // The address of a callback, from the history: its state was used, and the session of that launch lives (R19).
    const callback = visited.find((url) => url.startsWith(`${stack.ready.sso}/callback`) && url.includes('state='));
    await page.goto(callback ?? '');
    expect(page.url()).toBe(stack.ready.product);
    expect(await welcome()).toBe(`Welcome, ${person.name}`);
  });

  test('after signing out, the back button shows nobody, and an old address signs nobody in', async () => {
    const person = district.students[1]!;
    const visited = await launch(person);
    await page.getByRole('button', { name: 'Sign out' }).click();
    expect(await welcome()).toBe('You are not signed in');
    await page.goBack();
    expect(await page.locator('body').textContent()).not.toContain(`Welcome, ${person.name}`);
    for (const url of visited.filter((each) => each.includes('code='))) {
      await context.clearCookies({ name: 'launchpad' });
      await context.clearCookies({ name: 'classlink_session' });
      await page.goto(url);
      expect(await page.locator('body').textContent()).not.toContain('Welcome');
    }
  });

  test('a double click ends well', async () => {
    const person = district.students[0]!;
    await openLaunchPad(person.sourcedId);
    await page.getByRole('link', { name: /Imagine/ }).dblclick();
    await page.waitForURL(stack.ready.product);
    expect(await welcome()).toBe(`Welcome, ${person.name}`);
  });

  test('two and three tabs at once all show who is signed in, round after round', async () => {
    const person = district.students[0]!;
    const tile = stack.ready.launchpad.replace(/launchpad$/, 'launchpad/tile');
    for (let round = 0; round < 8; round++) {
      // Every other round in a browser that has no cookie of ours yet.
      if (round % 2 === 0) {
        await context.close();
        context = await chromium.newContext();
        page = await context.newPage();
        await openLaunchPad(person.sourcedId);
      }
      const tabs = await Promise.all(Array.from({ length: 2 + (round % 2) }, () => context.newPage()));
      await Promise.all(tabs.map((tab) => tab.goto(tile)));
      const headings = await Promise.all(tabs.map((tab) => tab.getByRole('heading', { level: 1 }).textContent()));
      expect([round, ...headings]).toEqual([round, ...tabs.map(() => `Welcome, ${person.name}`)]);
      await page.goto(stack.ready.product);
      expect(await welcome()).toBe(`Welcome, ${person.name}`);
      await Promise.all(tabs.map((tab) => tab.close()));
    }
  });

  test('with cookies blocked there is a page, and no loop', async () => {
    await context.close();
    context = await startWithoutCookies(temporaryFolder(), stack.ready.sso);
    page = await context.newPage();
    await openLaunchPad(district.students[0]!.sourcedId);
    const visited = await clickIcon();
    expect(await page.locator('body').textContent()).toMatch(/Cookies must be allowed/);
    expect(visited.filter((url) => url.startsWith(`${stack.ready.sso}/callback`))).toHaveLength(2);
  });

  test('a student whom a sync removes loses the session', async () => {
    const person = district.students[2]!;
    const visited = await launch(person);
    expect(await welcome()).toBe(`Welcome, ${person.name}`);
    const zip = await district.without(person.sourcedId);
    const { sync } = await outcomeOf(data, stack.ready.districtId, () =>
      sftp(stack.ready.sftp, [`put ${zip} /without.zip`]),
    );
    expect(sync).toMatchObject({ state: 'applied' });
    await until('the product has asked again', async () => {
      await page.reload();
      return (await welcome()) === 'Your session has ended';
    });
    // The address of the callback, from the history, says why, and hands nobody over (R18).
    await page.goto(visited.find((url) => url.includes('/callback') && url.includes('state=')) ?? '');
    expect(await page.locator('body').textContent()).toMatch(/IN-\w{4}-\w{4}/);
    await page.goto(stack.ready.launchpad);
    await clickIcon();
    expect(await page.locator('body').textContent()).toMatch(/IN-\w{4}-\w{4}/);
  });
});
