import type { Tally } from '../../core/summary.ts'

// An event that lacks a facet it is grouped by is in no group.
const none = -1

/** Counts of groups in buckets, by numbers: a group has one number, whatever block it is found in. */
export class GroupCounts {
  readonly #numbers = new Map<string, number>()
  readonly #groups: (readonly string[])[] = []
  readonly #ofValue = new Map<string, number>()
  readonly #ofValues = new Map<readonly string[], Int32Array>()
  readonly #counts = new Map<number, Map<number, number>>()
  #last: { readonly bucket: number; readonly counts: Map<number, number> } | undefined

  /** The numbers of the groups that a facet's values make, by the indexes of a column. */
  numbersOf(values: readonly string[]): Int32Array {
    let numbers = this.#ofValues.get(values)
    if (numbers === undefined) {
      numbers = new Int32Array(values.length + 1)
      numbers[0] = none
      values.forEach((value, index) => {
        numbers![index + 1] = this.#numberOfValue(value)
      })
      this.#ofValues.set(values, numbers)
    }
    return numbers
  }

  #numberOfValue(value: string): number {
    let number = this.#ofValue.get(value)
    if (number === undefined) {
      number = this.#groups.push([value]) - 1
      this.#ofValue.set(value, number)
    }
    return number
  }

  /** The number of a group. */
  numberOf(group: readonly string[]): number {
    const key = JSON.stringify(group)
    let number = this.#numbers.get(key)
    if (number === undefined) {
      number = this.#groups.push(group) - 1
      this.#numbers.set(key, number)
    }
    return number
  }

  /** Counts events of a group, by its number. */
  add(bucket: number, number: number, events: number): void {
    if (number === none || events === 0) return
    if (this.#last?.bucket !== bucket) {
      const counts = this.#counts.get(bucket) ?? new Map<number, number>()
      this.#counts.set(bucket, counts)
      this.#last = { bucket, counts }
    }
    const { counts } = this.#last
    counts.set(number, (counts.get(number) ?? 0) + events)
  }

  /** Adds all that was counted into a tally. */
  addTo(tally: Tally): void {
    for (const [bucket, counts] of this.#counts) {
      for (const [number, events] of counts) tally.count(this.#groups[number]!, bucket, events)
    }
  }
}
