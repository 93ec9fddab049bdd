/** How many events each part of the benchmark stores. */
export interface Plan {
  readonly total: number
  /** Stored before anything is timed, so that the first rate is that of a warm server. */
  readonly warmUp: number
  /** Events of each timed stretch at 500 a request. */
  readonly stretch: number
  readonly byHundreds: number
  readonly oneByOne: number
  /** Stored by each of the writing vendors' doors, in a workspace of their own. */
  readonly vendors: number
}

const totalDefault = 3_000_000
const totalMin = 5000

/**
 * The plan for so many events in all; 3 million when the text names none.
 * @throws Error when the text is no number, or one too small to measure anything.
 */
export function planFor(text: string | undefined): Plan {
  const total = Number(text || totalDefault)
  if (!Number.isInteger(total) || total < totalMin) {
    throw new Error(`EVENTWELL_BENCH_EVENTS must be a whole number from ${totalMin}.`)
  }
  const part = (share: number) => Math.ceil(total * share)
  return {
    total,
    warmUp: part(0.01),
    stretch: part(0.1),
    byHundreds: part(0.1),
    oneByOne: part(0.02),
    vendors: part(0.1),
  }
}
