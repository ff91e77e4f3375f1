/**
 * Draws an icon of Lucide as the few elements that it is. The package's component builds each icon's attributes anew, one by one, which is
 * most of the work of a list with an icon a row on a slow phone. Of its properties the screens use `size` and `strokeWidth`; an icon is
 * never the only thing that says something, so it is always hidden from screen readers.
 */
import type { Plugin } from 'vite';

const ICON = /\/@lucide\/svelte\/dist\/icons\/[\w-]+\.svelte$/;
const DATA = /const iconData = (\{.*\});/;
type Element = [tag: string, attributes: Record<string, string>];

export function icons(): Plugin {
  return {
    name: 'icons',
    enforce: 'pre',
    transform(code, id) {
      const [, data] = ICON.test(id) ? (DATA.exec(code) ?? []) : [];
      return data === undefined ? null : { code: drawIcon(readIcon(data)), map: null };
    },
  };
}

function readIcon(data: string): { name: string; size: number; node: Element[] } {
  const icon: unknown = JSON.parse(data);
  if (!isIcon(icon)) throw new Error(`an icon of another make: ${data.slice(0, 80)}`);
  return icon;
}

function isIcon(icon: unknown): icon is { name: string; size: number; node: Element[] } {
  return typeof icon === 'object' && icon !== null && 'name' in icon && 'size' in icon && 'node' in icon;
}

function drawIcon({ name, size, node }: { name: string; size: number; node: Element[] }): string {
  const parts = node.map(
    ([tag, attributes]) =>
      `<${tag} ${Object.entries(attributes)
        .map(([key, value]) => `${key}="${value}"`)
        .join(' ')} />`,
  );
  return `<script>let { size = ${size}, strokeWidth = 2 } = $props();</script>
<svg xmlns="http://www.w3.org/2000/svg" class="lucide lucide-${name}" width={size} height={size} viewBox="0 0 ${size} ${size}" fill="none"
  stroke="currentColor" stroke-width={strokeWidth} stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${parts.join('')}</svg>`;
}
