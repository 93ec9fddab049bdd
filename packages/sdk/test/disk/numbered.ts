import { writeSync } from 'node:fs'

// What the programs have in common that are killed.

const onTheWayMax = 64
/** What a program adds to. */
export interface Kept {
  add(number: number): Promise<unknown>
  flush(): Promise<void>
  close(): Promise<void>
}

/**
 * Adds numbers from `first` on, and prints each when it is acknowledged: in one write of the system,
 * which a kill does not tear. Where there are none to add, it sends what is left, and ends.
 */
export async function addNumbers(kept: Kept, first: number, countMax: number): Promise<void> {
  if (countMax === 0) {
    await kept.flush()
    await kept.close()
    return
  }
  const onTheWay = new Set<Promise<void>>()
  for (let number = first; number < first + countMax; number += 1) {
    const added = kept.add(number).then(() => {
      onTheWay.delete(added)
      writeSync(1, `${number}\n`)
    })
    onTheWay.add(added)
    if (onTheWay.size >= onTheWayMax) await Promise.race(onTheWay)
    // A pause now and then, so that there is not more to send than the test has time for.
    if (number % 500 === 499) await new Promise((resolve) => setTimeout(resolve, 250))
  }
  // Only a kill ends it.
  setInterval(() => undefined, 60_000)
}
