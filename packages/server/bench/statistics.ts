/** The value that this share of all values does not exceed. */
export function percentile(values: Float64Array, share: number): number {
  const sorted = values.toSorted()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}

/** Median and 99th percentile of latencies, in text. */
export function latencyText(latenciesMs: Float64Array): string {
  const [median, slow] = [0.5, 0.99].map((share) => percentile(latenciesMs, share))
  return `p50 ${msText(median!)}, p99 ${msText(slow!)} ms`
}

/** A count or rate with thousands set apart. */
export function countText(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** A share of one as a percentage. */
export function percentText(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
}

function msText(ms: number): string {
  return ms.toFixed(ms < 10 ? 2 : 0)
}
