/** What is to be closed when the process leaves. The built app and the program that serves it are two bundles: they share only the process. */
const key = Symbol.for('qiaomen.leave');
type Step = () => Promise<void>;
const shared: typeof globalThis & { [key]?: Step[] } = globalThis;

/** Has `step` run when the server was told to end and its last answer went out; the returned function takes it back. */
export function onLeave(step: Step): () => void {
  shared[key] = [...(shared[key] ?? []), step];
  return () => {
    shared[key] = (shared[key] ?? []).filter((other) => other !== step);
  };
}

/** Runs every step, once. */
export async function leave(): Promise<void> {
  const steps = shared[key] ?? [];
  shared[key] = [];
  await Promise.all(steps.map((step) => step()));
}
