/** Refuses in words where a script was started by a Node too old for the database driver, which would crash instead. */
const major = Number(process.versions.node.split('.')[0]);

if (major < 22) {
  console.error(
    `这里需要 Node 22 或更新的版本，现在是 ${process.versions.node}。请用 npm run …（例如 npm run demo），它会自动使用项目自带的 Node。\n` +
      `This needs Node 22 or newer, and was started by ${process.versions.node}. ` +
      `Start it through npm (for example: npm run demo): npm puts the project's own Node first.`,
  );
  process.exit(1);
}
