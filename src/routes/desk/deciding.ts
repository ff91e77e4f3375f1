/** What happens to the page when a decision was posted from it: nothing that was written goes before the decision is taken. */
import type { SubmitFunction } from '@sveltejs/kit';
import { applyAction } from '$app/forms';
import { signIn } from './addresses';

type Page = {
  /** Reads the same case anew. */
  readAnew: () => Promise<void>;
  /** Somebody signed out in another window of this browser, or the session ended. */
  signedOut: (is: boolean) => void;
};

/** For `use:enhance`. A conflict (409) stands above the newest state of the very case that it is about. */
export const deciding =
  ({ readAnew, signedOut }: Page): SubmitFunction =>
  () =>
  async ({ update, result }) => {
    const isOut = result.type === 'redirect' && result.location.startsWith(signIn());
    signedOut(isOut);
    if (isOut) return;
    await update({ reset: false });
    if (result.type !== 'failure' || result.status !== 409) return;
    await readAnew();
    await applyAction(result);
  };
