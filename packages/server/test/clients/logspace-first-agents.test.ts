import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { EventwellError } from '../../src/core/errors.ts'
import { EventLog } from '../../src/core/log.ts'
import { dialects } from '../../src/dialects.ts'
import { createApp } from '../../src/http/app.ts'
import { withDevelopmentKey } from '../../src/keys/development-key.ts'
import { openMemoryStore } from '../../src/stores/memory/index.ts'

// Agents of Logspace's first releases look at no status: whatever the answer, their events leave the queue.
// Only a broken connection makes them send again.

describe('When nothing can be stored', () => {
  const store = openMemoryStore()
  let isFull = true
  let isBroken = false
  let app: FastifyInstance
  let url = ''

  before(async () => {
    const log = new EventLog({
      ...store,
      async append(...given) {
        if (isFull) throw new EventwellError('storage_full', 'The disk is full.')
        return store.append(...given)
      },
      async summarize(...given) {
        if (isBroken) throw new EventwellError('busy', 'Not now.')
        return store.summarize(...given)
      },
    })
    const keys = withDevelopmentKey({ authenticate: () => undefined })
    app = createApp({ log, keys, dialects })
    await app.listen({ host: '127.0.0.1', port: 0 })
    url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/events`
  })
  after(() => app.close())

  const send = (method: string, agent: string) =>
    fetch(url, {
      method,
      headers: { 'user-agent': agent, 'logspace.space-token': 'development' },
      body: '[{"id":"1","system":"h","agent-id":"a","timestamp":"2015-05-18T14:07:00Z"}]',
    })

  it('an agent of dialect A gets no answer, and sends again until there is room', async () => {
    await assert.rejects(send('POST', 'Apache-HttpClient/4.3.6 (java 1.5)'))
    isFull = false
    assert.equal((await send('POST', 'Apache-HttpClient/4.3.6 (java 1.5)')).status, 202)
    isFull = true
    const page = await store.read('default', {
      order: 'position',
      direction: 'forward',
      limit: 10,
      charsMax: 1000,
    })
    assert.deepEqual(
      page.events.map(({ id }) => id),
      ['1'],
    )
  })

  it('everybody else is told', async () => {
    isFull = true
    for (const [method, agent] of [
      ['PUT', 'Apache-HttpClient/4.5.14 (Java/17.0.21)'],
      ['POST', 'curl/8.5.0'],
    ] as const) {
      const answer = await send(method, agent)
      assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '30'])
      assert.deepEqual(await answer.json(), {
        type: 'EVENT_STORAGE_FAILED',
        message: 'The disk is full.',
        parameters: { cause: 'The disk is full.' },
      })
    }
  })

  it('an agent that asks is told, too', async () => {
    const answer = await fetch(`${url}?count=x`, {
      method: 'POST',
      headers: { 'user-agent': 'Apache-HttpClient/4.5', 'logspace.space-token': 'development' },
    })
    assert.equal(answer.status, 400)
    isBroken = true
    const failed = await fetch(url, {
      method: 'POST',
      headers: { 'user-agent': 'Apache-HttpClient/4.5', 'logspace.space-token': 'development' },
      body: '{}',
    })
    assert.equal(failed.status, 503)
    assert.equal(((await failed.json()) as { type: string }).type, 'EVENT_RETRIEVAL_FAILED')
  })
})
