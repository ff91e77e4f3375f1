/**
 * A Vite plugin: takes the `style` attribute from the page announcer that SvelteKit generates. The Content-Security-Policy allows no
 * inline style, so the browser refuses it and writes an error at every start; `app.css` hides the announcer instead.
 */

/** @returns {import('vite').Plugin} */
export function announcerStyle() {
  return {
    name: 'qiaomen-announcer-style',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith('/generated/root.svelte')) return null;
      return code.replace(/(id="svelte-announcer"[^>]*?) style="[^"]*"/, '$1');
    },
  };
}
