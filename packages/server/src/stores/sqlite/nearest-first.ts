interface Item {
  readonly number: number
  readonly order: number
  readonly weight: number
}

/**
 * Numbers in ascending order of what they weigh, those of equal weight in the order given. Each is found when
 * it is asked for: who needs the first few of many does not pay for sorting them all (a binary heap).
 */
export class NearestFirst {
  readonly #heap: Item[]

  constructor(numbers: readonly number[], weightOf: (number: number) => number) {
    this.#heap = numbers.map((number, order) => ({ number, order, weight: weightOf(number) }))
    for (let parent = (this.#heap.length >>> 1) - 1; parent >= 0; parent--) this.#sink(parent)
  }

  /** The next ones, as many as these; fewer when there are no more. */
  take(count: number): number[] {
    const taken: number[] = []
    for (
      let next = this.#heap[0];
      next !== undefined && taken.length < count;
      next = this.#heap[0]
    ) {
      taken.push(next.number)
      const last = this.#heap.pop()!
      if (this.#heap.length === 0) break
      this.#heap[0] = last
      this.#sink(0)
    }
    return taken
  }

  #sink(from: number): void {
    const heap = this.#heap
    const item = heap[from]!
    let hole = from
    for (let child = 2 * hole + 1; child < heap.length; child = 2 * hole + 1) {
      const right = heap[child + 1]
      if (right !== undefined && isBefore(right, heap[child]!)) child += 1
      if (!isBefore(heap[child]!, item)) break
      heap[hole] = heap[child]!
      hole = child
    }
    heap[hole] = item
  }
}

function isBefore(one: Item, other: Item): boolean {
  return one.weight < other.weight || (one.weight === other.weight && one.order < other.order)
}
