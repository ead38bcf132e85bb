import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { spawnSync } from 'node:child_process';
import { COMMAND } from '../../cli/run.ts';
import type { HostFile } from '../../support/fleet.ts';
import { ROOT } from '../../support/sources.ts';

/** Debian's and Fedora's names for it; the variable is for any other. */
const PATHS = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser'];
const path = PATHS.find((one) => one !== undefined && existsSync(one));
const ARGUMENTS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

if (path === undefined)
  process.stderr.write(
    'skipped: Chromium is not installed here (Debian: chromium), or state its path in CHROMIUM\n',
  );

/** `describe` where there is a Chromium, and one that skips where there is none. */
export const describeInChromium: jest.Describe = path === undefined ? describe.skip : describe;

/** Where screenshots are kept: CI saves them, and people look at them. */
const SHOTS = join(ROOT, 'test/browser/screenshots');

/** A page of the browser, and what it tried to load. */
export interface Opened {
  readonly page: Page;
  /** Addresses that were asked for, but for the page itself. */
  readonly requests: readonly string[];
  /** What went wrong in the page, and what its policy refused. */
  readonly complaints: string[];
}

const home = mkdtempSync(join(tmpdir(), 'virt-migratable-'));
let browser: Browser | undefined;

afterAll(async () => {
  await browser?.close();
  rmSync(home, { recursive: true, force: true });
});

/** The page as the command prints it, in a file. */
export function pageFile(): string {
  const file = join(home, 'page.html');
  if (!existsSync(file)) writeFileSync(file, printed('page'));
  return file;
}

/** What the command prints, byte by byte. */
export function printed(...words: readonly string[]): Buffer {
  const { stdout, stderr, status } = spawnSync(process.execPath, [COMMAND, ...words], {
    cwd: home,
    maxBuffer: 1 << 28,
  });
  if (status !== 0 && stdout.length === 0) throw new Error(stderr.toString());
  return stdout;
}

/** Writes files beside the page; returns their paths. */
export function written(files: readonly HostFile[]): readonly string[] {
  return files.map(({ name, text }) => {
    writeFileSync(join(home, name), text);
    return join(home, name);
  });
}

/** Writes files below a folder, byte by character; returns its path. */
export function writtenBelow(folder: string, files: readonly HostFile[]): string {
  for (const { name, text } of files) {
    const path = join(home, folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, 'latin1');
  }
  return join(home, folder);
}

/** Drops files and folders on the page, as the desktop does. */
export async function dropped(page: Page, ...files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 200, y: 200, data });
}

/** Opens a file in a new, empty profile. */
export async function open(file: string, options: BrowserContextOptions = {}): Promise<Opened> {
  browser ??= await chromium.launch({ executablePath: path ?? '', args: ARGUMENTS });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const [requests, complaints]: [string[], string[]] = [[], []];
  await page.route('**/*', (route) => {
    if (route.request().url() === `file://${file}`) return route.continue();
    requests.push(route.request().url());
    return route.abort();
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(`file://${file}`);
  return { page, requests, complaints };
}

/** Gives files to the page, as the file chooser does, and waits until it has said what they are. */
export async function give(page: Page, files: readonly string[], status: RegExp): Promise<void> {
  await page.setInputFiles('#files', [...files]);
  await page.getByRole('status').filter({ hasText: status }).first().waitFor();
}

/** What a press of this button downloads. */
export async function downloaded(
  page: Page,
  name: string | RegExp,
): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** Keeps what the page looks like. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}

/** Rules of axe that the page breaks, and where. */
export async function violations(page: Page): Promise<readonly string[]> {
  // The policy of the page lets no script in but its own: this one comes through the debugger.
  await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
  const found = await page.evaluate('axe.run()');
  const { violations: all } = found as {
    readonly violations: readonly {
      readonly id: string;
      readonly nodes: readonly { readonly html: string }[];
    }[];
  };
  return all.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
}

/** By how much the page is wider than its window. */
export async function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
