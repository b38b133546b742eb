import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

/** Chromium on this machine: `CHROMIUM_PATH`, else where Debian puts it. Null where there is none. */
const PATH = [process.env['CHROMIUM_PATH'] ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (path) => path !== '' && existsSync(path),
);

/** `describe` where there is a browser; else the tests are skipped, and it says so once. */
export function describeInBrowser(name: string, tests: () => void): void {
  if (PATH === undefined) console.warn(`${name}: skipped, no Chromium. Install it, or set CHROMIUM_PATH.`);
  (PATH === undefined ? describe.skip : describe)(name, tests);
}

/** Headless. As root the browser needs its sandbox off; it only ever sees pages of this machine. */
const options = () => ({
  ...(PATH === undefined ? {} : { executablePath: PATH }),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});

/** Starts the browser. */
export const startChromium = (): Promise<Browser> => chromium.launch(options());

/** Starts a browser whose user has forbidden cookies to one origin. `profile`: an empty folder. */
export function startWithoutCookies(profile: string, origin: string): Promise<BrowserContext> {
  const cookies = { [`${origin},*`]: { setting: 2 } };
  mkdirSync(join(profile, 'Default'), { recursive: true });
  const preferences = { profile: { content_settings: { exceptions: { cookies } } } };
  writeFileSync(join(profile, 'Default/Preferences'), JSON.stringify(preferences));
  return chromium.launchPersistentContext(profile, options());
}
