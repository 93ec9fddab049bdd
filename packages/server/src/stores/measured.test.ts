import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readMetrics, valueOf } from '../../test/support/metrics-text.ts'
import type { NewEvent } from '../core/event.ts'
import { ServerMetrics } from '../core/metrics/server-metrics.ts'
import type { EventStore } from '../core/store.ts'
import { storeConformance } from './conformance/index.ts'
import { measured } from './measured.ts'
import { openMemoryStore } from './memory/index.ts'

const doors = ['speakeasy', 'logspace', 'workos', 'webex']
const open = async () => measured(openMemoryStore(), new ServerMetrics(), doors)

storeConformance('memory, measured', { open, reopen: open })

const event = (source: string, id: string, type = 't'): NewEvent => ({ source, id, type })

describe('a measured store', () => {
  it('counts what became of events, by the door of their source', async () => {
    const metrics = new ServerMetrics()
    const store = measured(openMemoryStore(), metrics, doors)
    await store.append('w', [event('/s', '1'), event('/s', '2')], 'refuse')
    await store.append('w', [event('/s', '1'), event('/other', '3')], 'refuse')
    await store.append('w', [event('/s', '1', 'u'), event('/s', '4')], 'refuse')
    await store.append('w', [event('/s', '1', 'u'), event('/s', '4')], 'skip')
    await store.append('w', [event('logspace', '1')], 'replace')
    await store.append('w', [event('logspace', '1', 'u')], 'replace')
    await store.append('w', [], 'refuse', { name: 'n', text: '', expiresAtMs: Date.now() + 1000 })
    const { samples = [] } = readMetrics(metrics.all.text()).get('eventwell_events_total') ?? {}
    assert.deepEqual(
      samples.map(({ labels, value }) => [labels['dialect'], labels['outcome'], value]),
      [
        ['eventwell', 'created', 4],
        ['eventwell', 'exists', 1],
        ['eventwell', 'conflict', 2],
        ['logspace', 'created', 1],
        ['logspace', 'replaced', 1],
      ],
    )
    const read = readMetrics(metrics.all.text())
    assert.equal(valueOf(read, 'eventwell_append_seconds', {}, 'eventwell_append_seconds_count'), 7)
    assert.equal(valueOf(read, 'eventwell_pending_append_chars'), 0)
  })

  it('shows what waits, and counts what fails', async () => {
    const metrics = new ServerMetrics()
    const failing = new Error('the disk is gone')
    const { promise: waits, reject: fail } = Promise.withResolvers<never>()
    const inner: EventStore = {
      ...(await open()),
      append: () => waits,
      read: () => waits,
    }
    const store = measured(inner, metrics, doors)
    const query = { order: 'position', direction: 'forward', limit: 1, charsMax: 1 } as const
    const asked = [
      store.append('w', [{ ...event('/s', '1'), data: '"0123456789"' }], 'refuse'),
      store.read('w', { ...query, facets: [] }),
    ]
    const now = readMetrics(metrics.all.text())
    assert.ok(valueOf(now, 'eventwell_pending_append_chars') >= 12)
    assert.equal(valueOf(now, 'eventwell_pending_reads'), 1)
    fail(failing)
    for (const each of asked) await assert.rejects(each, failing)
    const later = readMetrics(metrics.all.text())
    assert.equal(valueOf(later, 'eventwell_pending_append_chars'), 0)
    assert.equal(valueOf(later, 'eventwell_pending_reads'), 0)
    for (const operation of ['append', 'page']) {
      const labels = { operation, code: 'internal' }
      assert.equal(valueOf(later, 'eventwell_store_failures_total', labels), 1)
    }
    const kinds = { kind: 'page' }
    assert.equal(valueOf(later, 'eventwell_read_seconds', kinds, 'eventwell_read_seconds_count'), 1)
  })
})
