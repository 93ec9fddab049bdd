/** A caller's bound on silence. @throws RangeError for what is no time above 0. */
export function checkedSilenceMs(silenceMs: number | undefined): number | undefined {
  if (silenceMs === undefined || (typeof silenceMs === 'number' && silenceMs > 0)) return silenceMs
  throw new RangeError(
    `silenceMs must be a number of milliseconds above 0, or Infinity; it is ${String(silenceMs)}.`,
  )
}
