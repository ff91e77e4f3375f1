/** A real Chromium for the browser tests: the one that CHROMIUM_PATH names, an installed one, Playwright's own, or one installed now. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { root } from './sources.mjs';

/** @type {{ [platform: string]: string[] }} */
const installed = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/google-chrome',
    '/opt/google/chrome/chrome',
    '/usr/bin/microsoft-edge-stable',
    '/snap/bin/chromium',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

/**
 * Whether a file is a browser that starts here: some systems have a stub that only says how to install one.
 * @param {string} file
 */
function starts(file) {
  if (!existsSync(file)) return false;
  if (process.platform !== 'linux') return true;
  const { status, stdout } = spawnSync(file, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  return status === 0 && /\d+\.\d+/.test(stdout);
}

/** Path of a browser that is there already, or null. */
export function findBrowser() {
  const named = process.env.CHROMIUM_PATH;
  if (named) return starts(named) ? named : null;
  const candidates = [...(installed[process.platform] ?? []), chromium.executablePath()];
  return candidates.find((file) => starts(file)) ?? null;
}

/**
 * @param {string} command
 * @param {string[]} args
 */
const run = (command, ...args) => spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0;

/** Path of a browser, installed where there is none; null where that did not succeed, with the reason told. */
export function provideBrowser() {
  const found = findBrowser();
  if (found) return found;
  if (process.env.CHROMIUM_PATH) {
    console.error(`CHROMIUM_PATH names ${process.env.CHROMIUM_PATH}, and no browser starts there.`);
    return null;
  }
  console.error('No Chromium found; installing one …');
  const isRoot = process.getuid?.() === 0;
  if (isRoot && existsSync('/usr/bin/apt-get')) {
    process.env.DEBIAN_FRONTEND = 'noninteractive';
    run('apt-get', 'update', '-q');
    run('apt-get', 'install', '-y', '-q', '--no-install-recommends', 'chromium', 'fonts-noto-cjk');
    const apt = findBrowser();
    if (apt) return apt;
  }
  const playwright = path.join(root, 'node_modules/@playwright/test/cli.js');
  run(process.execPath, playwright, 'install', ...(isRoot ? ['--with-deps'] : []), 'chromium');
  const own = findBrowser();
  if (!own) {
    console.error(
      'No Chromium could be installed. Install one (Debian: apt-get install chromium fonts-noto-cjk) or name it in CHROMIUM_PATH.',
    );
  }
  return own;
}
