import assert from 'node:assert/strict'

/** One line of numbers. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** A measure with all that was said of it. */
export interface Measure {
  readonly help: string
  readonly type: string
  readonly samples: Sample[]
}

const suffixes: Readonly<Record<string, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
}

/**
 * Reads Prometheus's text format 0.0.4, and fails at whatever a strict reader could stumble over: a sample
 * away from its measure, one that comes twice, a histogram that does not add up, a counter below zero.
 */
export function readMetrics(text: string): Map<string, Measure> {
  assert.ok(text.endsWith('\n'), 'the last line must end')
  const measures = new Map<string, Measure>()
  const seen = new Set<string>()
  let help: [name: string, text: string] | undefined
  let current: [name: string, measure: Measure] | undefined
  for (const line of text.slice(0, -1).split('\n')) {
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? []
    if (kind === 'HELP') help = [name, unescape(rest)]
    else if (kind === 'TYPE') {
      assert.equal(help?.[0], name, `${name} has no help`)
      assert.ok(Object.hasOwn(suffixes, rest), `${name} is a ${rest}`)
      assert.ok(!measures.has(name), `${name} comes twice`)
      current = [name, { help: help[1], type: rest, samples: [] }]
      measures.set(...current)
    } else {
      const sample = readSample(line)
      const [own, measure] = current ?? assert.fail(`${line} stands before everything`)
      const isOwn = suffixes[measure.type]!.some((suffix) => own + suffix === sample.name)
      assert.ok(isOwn, `${line} stands below ${own}`)
      const identity = JSON.stringify([sample.name, sample.labels])
      assert.ok(!seen.has(identity), `${line} comes twice`)
      seen.add(identity)
      measure.samples.push(sample)
    }
  }
  for (const [name, { type, samples }] of measures) {
    if (type === 'counter') for (const { value } of samples) assert.ok(value >= 0, name)
    if (type === 'histogram') checkHistogram(name, samples)
  }
  return measures
}

/** The value of a sample; 0 where there is none. */
export function valueOf(
  measures: ReadonlyMap<string, Measure>,
  measure: string,
  labels: Readonly<Record<string, string>> = {},
  name = measure,
): number {
  const { samples } = measures.get(measure) ?? assert.fail(`there is no ${measure}`)
  const found = samples.filter(
    (sample) =>
      sample.name === name &&
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  )
  return found.reduce((sum, { value }) => sum + value, 0)
}

function readSample(line: string): Sample {
  const parts = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/.exec(line)
  assert.ok(parts, `cannot read: ${line}`)
  const [, name = '', labelText = '', number = ''] = parts
  const labels: Record<string, string> = {}
  const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(,(?=.)|$)/y
  while (label.lastIndex < labelText.length) {
    const [, labelName = '', value = ''] = label.exec(labelText) ?? assert.fail(`labels: ${line}`)
    assert.ok(!Object.hasOwn(labels, labelName), line)
    labels[labelName] = unescape(value)
  }
  const value = number === '+Inf' ? Infinity : Number(number)
  assert.ok(number !== '' && !Number.isNaN(value), `no number: ${line}`)
  return { name, labels, value }
}

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char))
}

function checkHistogram(name: string, samples: readonly Sample[]): void {
  const series = Map.groupBy(samples, ({ labels }) => JSON.stringify({ ...labels, le: undefined }))
  for (const [labels, own] of series) {
    const buckets = own.filter((sample) => sample.name === `${name}_bucket`)
    const bounds = buckets.map(({ labels: { le } }) => (le === '+Inf' ? Infinity : Number(le)))
    assert.equal(bounds.at(-1), Infinity, `${name} ${labels}`)
    for (let place = 1; place < buckets.length; place++) {
      assert.ok(bounds[place]! > bounds[place - 1]!, `${name} ${labels}`)
      assert.ok(buckets[place]!.value >= buckets[place - 1]!.value, `${name} ${labels}`)
    }
    const count = own.filter((sample) => sample.name === `${name}_count`)
    assert.deepEqual(
      count.map(({ value }) => value),
      [buckets.at(-1)?.value],
    )
    assert.equal(own.filter((sample) => sample.name === `${name}_sum`).length, 1)
  }
}
