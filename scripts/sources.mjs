/** What the build is made from, as one hash of paths and contents: a build is fresh exactly when its stamp says the same. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const buildFolder = path.join(root, 'build');

/**
 * Where a build lies, and the file that says it is whole.
 * @param {'production' | 'faults'} mode
 */
export function buildOf(mode) {
  const folder = mode === 'production' ? buildFolder : path.join(root, `build-${mode}`);
  return { folder, stamp: path.join(folder, 'stamp') };
}

const parts = [
  'src',
  'static',
  'messages',
  'project.inlang/settings.json',
  'package.json',
  'package-lock.json',
  'svelte.config.js',
  'vite.config.ts',
  'paraglide.config.js',
  'tsconfig.json',
  'scripts',
];

/** Compiled messages and tests change nothing in the build. @param {string} file */
const leftOut = (file) => file.startsWith('src/lib/paraglide/') || /\.test\.[jt]s$/.test(file);

/**
 * @param {string} relative
 * @returns {Generator<string>}
 */
function* filesOf(relative) {
  const absolute = path.join(root, relative);
  if (!existsSync(absolute)) return;
  if (!statSync(absolute).isDirectory()) {
    yield relative;
    return;
  }
  for (const name of readdirSync(absolute).sort()) yield* filesOf(`${relative}/${name}`);
}

/** Contents count, not times: a checkout that brings the same files back asks for no new build. */
export function hashSources() {
  const hash = createHash('sha256');
  for (const part of parts) {
    for (const file of filesOf(part)) {
      if (leftOut(file)) continue;
      hash
        .update(file)
        .update('\0')
        .update(readFileSync(path.join(root, file)))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

/** @param {string} stamp */
const readStamp = (stamp) => (existsSync(stamp) ? readFileSync(stamp, 'utf8').trim() : '');

export const hasSources = () => existsSync(path.join(root, 'src'));
/** A build is whole only when it says so itself: the stamp is its last file. */
export const isBuilt = () => readStamp(buildOf('production').stamp) !== '';
/** @param {'production' | 'faults'} mode */
export const isFresh = (mode = 'production') => readStamp(buildOf(mode).stamp) === hashSources();
