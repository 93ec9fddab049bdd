/** How often something happened, or how much of it there was, since the process began. */
export interface Counter {
  add(amount: number, ...labels: readonly string[]): void
}

/** How much of something there is. */
export interface Gauge {
  set(value: number, ...labels: readonly string[]): void
  add(amount: number, ...labels: readonly string[]): void
}

/** How long something took, counted by upper bounds. */
export interface Histogram {
  observe(seconds: number, ...labels: readonly string[]): void
}

/** A measure as its reader sees it; label values are given in the order of the label names. */
export interface Description {
  readonly name: string
  readonly help: string
  readonly labels?: readonly string[]
}

/** The media type of the text that `Metrics.text` makes: Prometheus's format 0.0.4. */
export const metricsType = 'text/plain; version=0.0.4; charset=utf-8'

// Label values are chosen by us, so this is not reached; whatever came beyond it counts as one series.
const seriesMax = 5000
const beyond = 'other'

/** The upper bounds of durations in seconds: those of Prometheus's clients, and finer below. */
export const durationBounds: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
]

/** The measures of a process: made once each, counted in memory, written as text when somebody asks. */
export class Metrics {
  readonly #families: Family<unknown>[] = []

  counter(description: Description): Counter {
    return this.#add(new Numbers(description, 'counter'))
  }

  gauge(description: Description): Gauge {
    return this.#add(new Numbers(description, 'gauge'))
  }

  /** A number that is looked up when somebody asks. */
  read(description: Description, type: 'counter' | 'gauge', value: () => number): void {
    const numbers = this.#add(new Numbers(description, type))
    numbers.refresh = () => numbers.set(value())
  }

  histogram(description: Description): Histogram {
    return this.#add(new Durations(description, 'histogram'))
  }

  /** All measures in Prometheus's text format, in the order in which they were made. */
  text(): string {
    return this.#families.map((family) => family.text()).join('')
  }

  #add<F extends Family<unknown>>(family: F): F {
    this.#families.push(family)
    return family
  }
}

/** The series of one measure, by their label values. */
abstract class Family<Series> {
  readonly name: string
  readonly #help: string
  readonly #type: string
  readonly #labels: readonly string[]
  readonly #series = new Map<string, { readonly series: Series; readonly labels: string }>()
  refresh: () => void = () => {}

  constructor({ name, help, labels = [] }: Description, type: string) {
    this.name = name
    this.#help = help
    this.#type = type
    this.#labels = labels
  }

  text(): string {
    this.refresh()
    const lines = [
      `# HELP ${this.name} ${escapeHelp(this.#help)}`,
      `# TYPE ${this.name} ${this.#type}`,
    ]
    for (const { series, labels } of this.#series.values())
      lines.push(...this.lines(series, labels))
    return `${lines.join('\n')}\n`
  }

  /** A series before anything was counted. */
  protected abstract start(): Series
  /** The lines of a series; its labels are without braces. */
  protected abstract lines(series: Series, labels: string): readonly string[]

  protected seriesOf(values: readonly string[]): Series {
    const key = values.length === 1 ? values[0]! : values.join('\0')
    const known = this.#series.get(key)
    if (known !== undefined) return known.series
    if (this.#series.size >= seriesMax && values.some((value) => value !== beyond)) {
      return this.seriesOf(this.#labels.map(() => beyond))
    }
    const series = this.start()
    const labels = this.#labels.map(
      (name, index) => `${name}="${escapeValue(values[index] ?? '')}"`,
    )
    this.#series.set(key, { series, labels: labels.join(',') })
    return series
  }
}

class Numbers extends Family<{ value: number }> implements Counter, Gauge {
  add(amount: number, ...labels: readonly string[]): void {
    this.seriesOf(labels).value += amount
  }

  set(value: number, ...labels: readonly string[]): void {
    this.seriesOf(labels).value = value
  }

  protected start() {
    return { value: 0 }
  }

  protected lines({ value }: { value: number }, labels: string): readonly string[] {
    return [`${this.name}${labels === '' ? '' : `{${labels}}`} ${value}`]
  }
}

interface Counts {
  /** How many there were up to each bound, and beyond the bound before it; the last is beyond all. */
  readonly counts: number[]
  sum: number
}

class Durations extends Family<Counts> implements Histogram {
  observe(seconds: number, ...labels: readonly string[]): void {
    const series = this.seriesOf(labels)
    const place = durationBounds.findIndex((bound) => seconds <= bound)
    series.counts[place < 0 ? durationBounds.length : place]! += 1
    series.sum += seconds
  }

  protected start(): Counts {
    return { counts: [...durationBounds, Infinity].map(() => 0), sum: 0 }
  }

  protected lines({ counts, sum }: Counts, labels: string): readonly string[] {
    const before = labels === '' ? '' : `${labels},`
    const braces = labels === '' ? '' : `{${labels}}`
    let total = 0
    const buckets = counts.map((count, index) => {
      total += count
      return `${this.name}_bucket{${before}le="${durationBounds[index] ?? '+Inf'}"} ${total}`
    })
    return [...buckets, `${this.name}_sum${braces} ${sum}`, `${this.name}_count${braces} ${total}`]
  }
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

function escapeValue(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"')
}
