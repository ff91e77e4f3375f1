/** A phone's browser as a process of its own, with its profile on the disk: it can be killed and opened again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Browser, type BrowserContext, type LaunchOptions, type Page } from '@playwright/test';
import { findBrowser } from '../../scripts/find-browser.mjs';
import { handset } from '../e2e/phone';

// A container's root has no user namespaces for Chromium's sandbox.
const isRoot = process.getuid?.() === 0;

/** For a browser that lives as long as its case. */
export const chromiumHere: LaunchOptions = { executablePath: findBrowser() ?? undefined, chromiumSandbox: !isRoot };
export const phoneHere = { ...handset, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' };

export class PhoneBrowser {
  readonly #profile: string;
  #process: ChildProcess | null = null;
  #browser: Browser | null = null;

  constructor() {
    this.#profile = mkdtempSync(path.join(tmpdir(), 'qiaomen-browser-'));
  }

  /** Starts it on its profile, as it was left. */
  async start(): Promise<void> {
    const started = spawn(
      findBrowser() ?? '',
      [
        '--headless=new',
        '--remote-debugging-port=0',
        `--user-data-dir=${this.#profile}`,
        '--no-first-run',
        '--disable-background-networking',
        '--disable-dev-shm-usage',
        '--password-store=basic',
        '--use-mock-keychain',
        '--lang=zh-CN',
        '--accept-lang=zh-CN',
        ...(isRoot ? ['--no-sandbox'] : []),
        'about:blank',
      ],
      { detached: true, stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, TZ: 'Asia/Shanghai' } },
    );
    this.#process = started;
    const address = await new Promise<string>((resolve, reject) => {
      createInterface({ input: started.stderr }).on('line', (line) => {
        const [, found] = /DevTools listening on (ws:\S+)/.exec(line) ?? [];
        if (found) resolve(found);
      });
      started.once('exit', (code, signal) => reject(new Error(`the browser ended with ${code ?? signal}`)));
    });
    this.#browser = await chromium.connectOverCDP(address);
  }

  /** What is on the profile: its own pages, cookies and stores. */
  get context(): BrowserContext {
    const [context] = this.#browser?.contexts() ?? [];
    if (!context) throw new Error('the browser is not started');
    return context;
  }

  async page(): Promise<Page> {
    const page = await this.context.newPage();
    await page.setViewportSize({ width: 360, height: 740 });
    return page;
  }

  /** All of its processes at once, as a phone that runs out of battery. */
  async kill(): Promise<void> {
    const running = this.#process;
    if (!running?.pid || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    process.kill(-running.pid, 'SIGKILL');
    await ended;
  }

  /** Politely: all that it held back is on the disk. */
  async end(): Promise<void> {
    const running = this.#process;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    const session = await this.#browser?.newBrowserCDPSession();
    await session?.send('Browser.close').catch(() => undefined); // it may be gone before it answers
    await ended;
  }

  /** Ends it and forgets the profile. */
  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
