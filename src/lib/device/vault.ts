/**
 * Where everything personal passes on its way to IndexedDB and back. Open for now: what goes in comes out.
 * Sealing is asynchronous and is always done before a transaction opens, so that a real seal changes nothing elsewhere.
 */

/** What stands in a row's `body`: to be read by a vault only. */
export type Sealed = { readonly open: unknown };

export type Vault = {
  seal(value: unknown): Promise<Sealed>;
  /** Rejects when the body was not sealed by this vault. */
  open(body: Sealed): Promise<unknown>;
};

export const openVault: Vault = {
  seal: (value) => Promise.resolve({ open: value }),
  open: (body) => Promise.resolve(body.open),
};
