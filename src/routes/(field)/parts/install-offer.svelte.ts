/** The browser's offer to install the app, caught when it comes and kept until somebody wants it. */
type InstallEvent = Event & { prompt: () => Promise<unknown> };

class InstallOffer {
  ready = $state(false);
  #event: InstallEvent | null = null;

  constructor() {
    addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault();
      if (!isInstallEvent(event)) return;
      this.#event = event;
      this.ready = true;
    });
    addEventListener('appinstalled', () => {
      this.#event = null;
      this.ready = false;
    });
  }

  async take(): Promise<void> {
    const event = this.#event;
    this.#event = null;
    this.ready = false;
    await event?.prompt();
  }
}

function isInstallEvent(event: Event): event is InstallEvent {
  return 'prompt' in event && typeof event.prompt === 'function';
}

export const installOffer = new InstallOffer();
