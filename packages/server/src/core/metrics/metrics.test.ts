import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readMetrics } from '../../../test/support/metrics-text.ts'
import { durationBounds, Metrics } from './metrics.ts'

describe('metrics', () => {
  it('are shown before anything was counted', () => {
    const metrics = new Metrics()
    metrics.counter({ name: 'things_total', help: 'Things.' })
    assert.equal(metrics.text(), '# HELP things_total Things.\n# TYPE things_total counter\n')
  })

  it('count, go up and down, and are looked up', () => {
    const metrics = new Metrics()
    const things = metrics.counter({
      name: 'things_total',
      help: 'Things.',
      labels: ['kind', 'size'],
    })
    const open = metrics.gauge({ name: 'open', help: 'Open.' })
    let looked = 1.5
    metrics.read({ name: 'looked', help: 'Looked up.' }, 'gauge', () => looked)
    things.add(1, 'a', 'b')
    things.add(2, 'a', 'b')
    things.add(1, 'ab', '')
    open.add(3)
    open.add(-1)
    const first = readMetrics(metrics.text())
    assert.deepEqual(first.get('things_total')?.samples, [
      { name: 'things_total', labels: { kind: 'a', size: 'b' }, value: 3 },
      { name: 'things_total', labels: { kind: 'ab', size: '' }, value: 1 },
    ])
    assert.equal(first.get('open')?.samples[0]?.value, 2)
    assert.equal(first.get('looked')?.samples[0]?.value, 1.5)
    looked = 3
    assert.equal(readMetrics(metrics.text()).get('looked')?.samples[0]?.value, 3)
  })

  it('write any label value so that it can be read', () => {
    const metrics = new Metrics()
    const value = 'a "quoted" \\ back\nslash, {brace}="x"'
    const help = 'One line \\ \n and another'
    metrics.counter({ name: 'things_total', help, labels: ['kind'] }).add(1, value)
    const read = readMetrics(metrics.text()).get('things_total')
    assert.equal(read?.samples[0]?.labels['kind'], value)
    assert.equal(read?.help, help)
  })

  it('count durations up to each bound', () => {
    const metrics = new Metrics()
    const histogram = metrics.histogram({ name: 'took_seconds', help: 'Took.', labels: ['kind'] })
    const seconds = [0, 0.001, 0.0011, 0.3, 10, 11]
    for (const each of seconds) histogram.observe(each, 'x')
    const { samples = [] } = readMetrics(metrics.text()).get('took_seconds') ?? {}
    const buckets = samples.filter(({ name }) => name === 'took_seconds_bucket')
    assert.deepEqual(
      buckets.map(({ labels, value }) => [labels['le'], value]),
      [...durationBounds, Infinity].map((bound) => [
        bound === Infinity ? '+Inf' : String(bound),
        seconds.filter((each) => each <= bound).length,
      ]),
    )
    const last = (name: string) => samples.find((sample) => sample.name === name)?.value
    assert.equal(last('took_seconds_count'), seconds.length)
    assert.ok(Math.abs(last('took_seconds_sum')! - 21.3021) < 1e-9)
  })

  it('have a bound', () => {
    const metrics = new Metrics()
    const things = metrics.counter({ name: 'things_total', help: 'Things.', labels: ['kind'] })
    for (let n = 0; n < 10_000; n++) things.add(1, `kind-${n}`)
    const { samples = [] } = readMetrics(metrics.text()).get('things_total') ?? {}
    assert.equal(samples.length, 5001)
    assert.equal(samples.find(({ labels }) => labels['kind'] === 'other')?.value, 5000)
  })
})
