import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { cleanUp, type RunningStack, startLocal, temporaryFolder } from '../e2e/rollcall-process.ts';
import { generateSignOnDistrict, type Rostered, type SignOnDistrict } from '../e2e/sign-on-district.ts';
import { describeInBrowser, startChromium } from './chromium.ts';

const TENANT = '2284';

describeInBrowser('tile: confirm, and logout, in a browser', () => {
  const folder = temporaryFolder();
  let district: SignOnDistrict;
  let stack: RunningStack;
  let chromium: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    district = await generateSignOnDistrict(folder);
    const options = ['--data', join(folder, 'data'), '--quiet-seconds', '1', '--tile', 'confirm'];
    stack = await startLocal([...options, '--export', district.zip]);
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

  const heading = () => page.getByRole('heading', { level: 1 }).textContent();
  const sessionCookie = async () =>
    (await context.cookies(stack.ready.sso)).some(({ name }) => name === '__Host-rollcall-session');

  async function clickIconAs({ sourcedId }: Rostered): Promise<void> {
    await page.goto(stack.ready.launchpad);
    await page.getByLabel('District').fill(TENANT);
    await page.getByLabel('Login').fill(sourcedId);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('link', { name: /Imagine/ }).click();
  }

  async function launch(person: Rostered): Promise<void> {
    await clickIconAs(person);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL(stack.ready.product);
  }

  test('the icon asks who it is; one click on Continue and the student is in', async () => {
    const person = district.students[0]!;
    await clickIconAs(person);
    const [given = '', family = ''] = person.name.split(' ');
    expect(await heading()).toBe(`Continue as ${given} ${family[0]}.?`);
    expect(await sessionCookie()).toBe(false);
    const sent = page.waitForRequest((request) => request.method() === 'POST');
    await page.getByRole('button', { name: 'Continue' }).click();
    // What Chromium sends by itself: `null` with the Referrer-Policy of our other pages.
    expect(await (await sent).headerValue('origin')).toBe(stack.ready.sso);
    await page.waitForURL(stack.ready.product);
    expect(await heading()).toBe(`Welcome, ${person.name}`);
  });

  test("the product's sign-out ends our session too, and comes back", async () => {
    await launch(district.students[1]!);
    const visited: string[] = [];
    page.on('request', (request) => void visited.push(request.url()));
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(stack.ready.product);
    expect(await heading()).toBe('You are not signed in');
    const logout = new URL(visited.find((url) => url.startsWith(`${stack.ready.sso}/logout?`)) ?? 'none:');
    expect([...logout.searchParams.keys()].sort()).toEqual(['client_id', 'id_token_hint', 'post_logout_redirect_uri']);
    expect(await sessionCookie()).toBe(false);
  });

  test('a link of another site to /logout asks; the button signs out', async () => {
    await launch(district.teachers[0]!);
    await page.goto(`${stack.ready.sso}/logout`, { referer: stack.ready.launchpad });
    expect(await heading()).toBe('Sign out of this app?');
    expect(await sessionCookie()).toBe(true);
    await page.getByRole('button', { name: 'Sign out' }).click();
    expect(await heading()).toBe('You are signed out of this app');
    expect(await sessionCookie()).toBe(false);
  });
});
