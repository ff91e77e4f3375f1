/** The state of the sync as one honest sentence. */
import type { RecordState, SyncState } from '$lib/device/phone';
import * as m from '$lib/paraglide/messages';

/** After a save, where the record now is; `state`: null where nobody knows which it was, and all that waits is counted. */
export function savedWords(state: RecordState | null, sync: Pick<SyncState, 'waiting' | 'setAside'>): string {
  switch (state) {
    case 'set-aside':
      return m.field_saved_set_aside();
    case 'on-this-phone':
    case 'draft':
      return m.field_saved_here();
    case 'sending':
      return m.field_saved_sending();
    case null:
      if (sync.waiting > 0) return m.field_saved_here();
      return sync.setAside > 0 ? m.field_saved_set_aside() : m.field_saved_sent();
    default:
      return m.field_saved_sent();
  }
}

export function syncWords(sync: SyncState): string {
  switch (sync.phase) {
    case 'signed-out':
      return m.field_sync_signed_out({ count: sync.waiting });
    case 'revoked':
      return m.field_sync_revoked();
    case 'upgrade':
      return m.field_sync_upgrade();
    case 'sending':
      return m.field_pill_sending({ sent: sync.sent, all: sync.sending });
    case 'receiving':
      return m.field_pill_receiving();
    case 'offline':
      return sync.waiting > 0 ? m.field_sync_offline_waiting({ count: sync.waiting }) : m.field_sync_offline();
    case 'busy':
      return m.field_sync_server_busy();
    case 'trouble':
      return m.field_sync_trouble();
    default:
      if (sync.waiting > 0) return m.field_pill_waiting({ count: sync.waiting });
      return sync.setAside > 0 ? m.field_sync_set_aside({ count: sync.setAside }) : m.field_sync_all_sent();
  }
}
