/** Word between all windows of this browser, whoever uses them: somebody signed in or out. What is true then stands in the account book. */
export type Word = {
  /** To every window but this one. */
  tell(): void;
  listen(heard: () => void): void;
  close(): void;
};

/** Does nothing where the browser has no BroadcastChannel. */
export function openWord(): Word {
  if (typeof BroadcastChannel === 'undefined') return { tell: () => {}, listen: () => {}, close: () => {} };
  const channel = new BroadcastChannel('qiaomen-device');
  return {
    tell: () => channel.postMessage(null),
    listen(heard) {
      channel.onmessage = () => heard();
    },
    close: () => channel.close(),
  };
}
