/** How one person likes this phone: theme, size of the letters, vibration. Kept in this browser, nothing of it is personal. */
export type Theme = 'auto' | 'light' | 'dark' | 'sunlight';
export type TextSize = 'normal' | 'large';

const KEY = 'qiaomen-preferences';

export class Preferences {
  theme = $state<Theme>('auto');
  text = $state<TextSize>('normal');
  vibration = $state(true);
  /** The hint to install was put away. */
  installHintSeen = $state(false);

  constructor() {
    const kept = read();
    if (isTheme(kept.theme)) this.theme = kept.theme;
    if (kept.text === 'large') this.text = 'large';
    if (kept.vibration === false) this.vibration = false;
    if (kept.installHintSeen === true) this.installHintSeen = true;
  }

  /** Writes and shows what was chosen. */
  set(change: Partial<Pick<Preferences, 'theme' | 'text' | 'vibration' | 'installHintSeen'>>): void {
    Object.assign(this, change);
    const { theme, text, vibration, installHintSeen } = this;
    try {
      localStorage.setItem(KEY, JSON.stringify({ theme, text, vibration, installHintSeen }));
    } catch {
      // A full or forbidden store costs the preference, nothing else.
    }
    this.show();
  }

  /** Puts theme and size on the document; call again when the system changes between light and dark. */
  show(): void {
    const root = document.documentElement;
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset['theme'] = this.theme === 'auto' ? (dark ? 'dark' : 'light') : this.theme;
    root.dataset['text'] = this.text;
  }

  /** A short buzz when a door is saved, where the phone can and the person wants it. */
  buzz(): void {
    if (this.vibration && typeof navigator.vibrate === 'function') navigator.vibrate(30);
  }
}

function isTheme(value: unknown): value is Theme {
  return value === 'auto' || value === 'light' || value === 'dark' || value === 'sunlight';
}

function read(): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
