/** What can go wrong with the phone's store, each with a code by which a screen picks its words. */

/** A revision of more than 256 KiB (LIM-3); the draft stands as it was. */
export class TooLargeError extends Error {
  readonly code = 'too-large';
  constructor(readonly bytes: number) {
    super(`a revision of ${bytes} bytes`);
    this.name = 'TooLargeError';
  }
}

/** The disk is full: nothing was written, the draft stands as it was. */
export class StorageFullError extends Error {
  readonly code = 'storage-full';
  constructor(options?: ErrorOptions) {
    super('the disk is full', options);
    this.name = 'StorageFullError';
  }
}

/** The store cannot be opened: `blocked` by another tab of an older version, or `failed`. Opening can be tried again. */
export class StoreUnavailableError extends Error {
  constructor(
    readonly code: 'store-blocked' | 'store-failed' | 'store-closed',
    options?: ErrorOptions,
  ) {
    super(code, options);
    this.name = 'StoreUnavailableError';
  }
}

/** Names of an error and of all that it wraps: Dexie puts the browser's own error into `inner`, of a bulk operation into `failures`. */
export function errorNames(error: unknown): string[] {
  const names: string[] = [];
  let current: unknown = error;
  while (typeof current === 'object' && current !== null && names.length < 8) {
    if ('name' in current && typeof current.name === 'string') names.push(current.name);
    if ('inner' in current && current.inner) current = current.inner;
    else if ('failures' in current && Array.isArray(current.failures)) current = current.failures[0];
    else current = 'cause' in current ? current.cause : null;
  }
  return names;
}

export function isStorageFull(error: unknown): boolean {
  return errorNames(error).some((name) => name === 'QuotaExceededError' || name === 'StorageFullError');
}
