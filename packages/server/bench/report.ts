import { latencyText, countText, percentText } from './statistics.ts'
import { rateOf, type LoadResult } from './load.ts'

/** Prints each figure as it is known, and all of them as one Markdown table at the end. */
export class Report {
  readonly #rows: (readonly [what: string, result: string, beside: string])[] = []

  /** A figure, and what it is to be compared with. */
  add(what: string, result: string, beside = ''): void {
    this.#rows.push([what, result, beside])
    console.log(`${what}: ${result}${beside === '' ? '' : ` (${beside})`}`)
  }

  /** The rate and latencies of a load beside the rate of the ceiling. */
  addLoad(what: string, load: LoadResult, parsedEvents: number): void {
    const requests = load.requests / load.seconds
    this.add(
      what,
      `${countText(rateOf(load))} events/s, ${countText(requests)} requests/s, ` +
        latencyText(load.latenciesMs),
      `${percentText(rateOf(load) / parsedEvents)} of JSON.parse`,
    )
  }

  /** All figures as a table. */
  get table(): string {
    const rows = [['what', 'result', 'beside'], ['---', '---', '---'], ...this.#rows]
    return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
  }
}
