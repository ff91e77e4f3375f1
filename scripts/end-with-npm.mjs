/**
 * Ends us when npm ends. A SIGTERM to `npm run …` reaches the shell that npm started us by, and some shells go without passing it on:
 * we see that our parent is another one, and leave as if the signal had come to us.
 */
if (process.env.npm_lifecycle_event) {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, 200).unref();
}
