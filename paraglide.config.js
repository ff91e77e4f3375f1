/** How the message catalogue is compiled: one place for the app's build and for that of the programs. */
/** @type {import('@inlang/paraglide-js').CompilerOptions & { emitGitIgnore?: boolean }} */
export const paraglideOptions = {
  project: './project.inlang',
  outdir: './src/lib/paraglide',
  strategy: ['cookie', 'preferredLanguage', 'baseLocale'],
  cookieName: 'qiaomen-locale',
  emitGitIgnore: false,
};
