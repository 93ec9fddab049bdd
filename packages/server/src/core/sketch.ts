/**
 * How many values there were of each size, so that any percentile can be told to within one percent of its
 * value, from any number of values, in bounded memory: sizes grow by two percent each (as in DDSketch,
 * Masson et al. 2019). Keys are powers of that growth; those of negative values and of zero are set apart.
 */
export type Sketch = Map<number, number>

const growth = 1.02
const logGrowth = Math.log(growth)
// What is nearer to zero than this counts as zero: the smallest double's power is -36,000 or so.
const smallest = 1e-300
const offset = 50_000

/** Counts a value. */
export function addToSketch(sketch: Sketch, value: number): void {
  const key = keyOf(value)
  sketch.set(key, (sketch.get(key) ?? 0) + 1)
}

/** Adds what another sketch has counted. */
export function mergeSketch(sketch: Sketch, other: ReadonlyMap<number, number>): void {
  for (const [key, count] of other) sketch.set(key, (sketch.get(key) ?? 0) + count)
}

/**
 * For each share (0 to 1) the value that this part of all values do not exceed, to within one percent:
 * the one of that rank, counted from the smallest; undefined when there are none.
 */
export function quantiles(
  sketch: ReadonlyMap<number, number>,
  shares: readonly number[],
): (number | undefined)[] {
  const sorted = [...sketch].toSorted(([one], [other]) => one - other)
  const total = sorted.reduce((sum, [, count]) => sum + count, 0)
  return shares.map((share) => {
    let left = Math.max(Math.ceil(share * total), 1)
    for (const [key, count] of sorted) {
      left -= count
      if (left <= 0) return valueOf(key)
    }
    return undefined
  })
}

function keyOf(value: number): number {
  const size = Math.abs(value)
  if (size < smallest) return 0
  return Math.sign(value) * (Math.ceil(Math.log(size) / logGrowth) + offset)
}

/** The middle, relatively, of the sizes that a key stands for. */
function valueOf(key: number): number {
  if (key === 0) return 0
  const size = growth ** (Math.abs(key) - offset) * (2 / (1 + growth))
  return Math.sign(key) * Math.min(size, Number.MAX_VALUE)
}
