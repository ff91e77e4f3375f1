/** Dates as people type them on a number pad: `19580403`, `1958.4.3`, `1958年4月`, `1958`. */

/** `YYYY-MM-DD`, `YYYY-MM` or `YYYY`; what it does not understand comes back as it was. */
export function mendPartDate(text: string): string {
  const plain = text.trim().replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));
  const solid = /^(\d{4})(\d{2})(\d{2})?$/.exec(plain);
  const parts = solid ? solid.slice(1) : (/^(\d{4})(?:\D+(\d{1,2}))?(?:\D+(\d{1,2}))?\D*$/.exec(plain) ?? []).slice(1);
  const [year, month, day] = parts;
  if (!year) return text;
  return [year, month?.padStart(2, '0'), day?.padStart(2, '0')].filter(Boolean).join('-');
}
