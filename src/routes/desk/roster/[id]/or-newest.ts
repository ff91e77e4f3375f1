import { invalidateAll } from '$app/navigation';
import type { SubmitFunction } from '@sveltejs/kit';

/** For the forms of a roster: where one is refused, the page shows the newest, whatever it showed before. */
export const orNewest: SubmitFunction =
  () =>
  async ({ result, update }) => {
    await update({ reset: false });
    if (result.type === 'failure') await invalidateAll();
  };
