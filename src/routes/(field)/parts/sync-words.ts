/** The state of the sync as one honest sentence. */
import type { SyncState } from '$lib/device/phone';
import * as m from '$lib/paraglide/messages';

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
      return sync.waiting > 0 ? m.field_pill_waiting({ count: sync.waiting }) : m.field_sync_all_sent();
  }
}
