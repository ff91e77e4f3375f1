/** What people call a phone by: the same four signs on the phone itself and at the desk. */
export function deviceCode(deviceId: string): string {
  return deviceId.slice(-4).toUpperCase();
}
