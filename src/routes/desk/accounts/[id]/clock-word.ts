/** How far a phone's clock is off, in the coarsest unit that says it. */
import * as m from '$lib/paraglide/messages';

/** `offset`: milliseconds that it is ahead. Under a minute it is right: networks are slow. */
export function clockWord(offset: number): string {
  const minutes = Math.round(Math.abs(offset) / 60_000);
  if (minutes === 0) return m.desk_clock_right();
  const span =
    minutes < 120
      ? m.desk_span_minutes({ n: minutes })
      : minutes < 48 * 60
        ? m.desk_span_hours({ n: Math.round(minutes / 60) })
        : m.desk_span_days({ n: Math.round(minutes / 1440) });
  return offset > 0 ? m.desk_clock_fast({ span }) : m.desk_clock_slow({ span });
}
