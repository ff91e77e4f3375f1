/** What the phone needs after its first frame, as one file: syncing, and search over the whole register. */
export { Search } from './search';
export { startSyncing } from './syncing';
