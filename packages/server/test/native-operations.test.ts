import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { operations } from '../src/dialects/native/operations.ts'
import { MemoryApp } from './support/memory-app.ts'

// What holds for every operation, asked of each.

const event = { specversion: '1.0', id: '1', source: '/s', type: 't', subject: 'a' }
const bodies: Readonly<Record<string, object>> = {
  appendEvents: [event],
  eraseEvents: { subject: 'a' },
  leaseConsumer: { seconds: 5 },
}

describe('Every operation', () => {
  const app = new MemoryApp()
  before(async () => {
    await app.post('/eventwell/events', [event])
    const { cursor } = (await app.get('/eventwell/events')).json() as { cursor: string }
    await app.send({
      method: 'PUT',
      url: '/eventwell/consumers/x',
      payload: JSON.stringify({ cursor }),
    })
  })
  after(() => app.close())
  const pathOf = (path: string) => `/eventwell${path.replaceAll(/:\w+/g, 'x')}`

  for (const { name, method, path } of operations) {
    it(`refuses a parameter that it does not know: ${name} (PROTOCOL 1.3)`, async () => {
      const url = `${pathOf(path)}?nothing=1`
      const body = bodies[name]
      const payload = body === undefined ? {} : { payload: JSON.stringify(body) }
      const answer = await app.send({ method, url, ...payload })
      const { code, parameter } = answer.json() as Record<string, unknown>
      assert.deepEqual([answer.statusCode, code, parameter], [400, 'invalid_query', 'nothing'])
      if (method !== 'GET') return
      assert.equal((await app.ask('HEAD', url)).statusCode, 400)
    })

    it(`needs a key before it says so: ${name}`, async () => {
      const { scope } = operations.find((one) => one.name === name)!
      if (scope === undefined) return
      const url = `${pathOf(path)}?nothing=1`
      const answer = await app.send({ method, url, headers: { authorization: '' } })
      assert.equal(answer.statusCode, 401)
      assert.equal(answer.headers['www-authenticate'], 'Bearer')
    })

    it(`is alone on its path, but for those that 405 names: ${name} (PROTOCOL 1.1)`, async () => {
      const methods = operations.filter((one) => one.path === path).map((one) => one.method)
      for (const other of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const) {
        if ((methods as string[]).includes(other)) continue
        const answer = await app.send({ method: other, url: pathOf(path) })
        assert.equal(answer.statusCode, 405, other)
        assert.deepEqual(String(answer.headers['allow']).split(', '), methods)
      }
    })
  }

  it('did nothing of what it refused', async () => {
    const { events } = (await app.get('/eventwell/events')).json() as { events: { id: string }[] }
    assert.deepEqual(
      events.map(({ id }) => id),
      ['1'],
    )
    const { erasures } = (await app.get('/eventwell/erasures')).json() as { erasures: unknown[] }
    assert.deepEqual(erasures, [])
    const shown = (await app.get('/eventwell/consumers/x')).json() as { lease?: object }
    assert.equal(shown.lease, undefined)
  })

  it('answers HEAD where it answers GET', async () => {
    for (const path of [
      '/events',
      '/aggregate',
      '/export',
      '/consumers',
      '/openapi.json',
      '/docs',
    ]) {
      assert.equal((await app.ask('HEAD', `/eventwell${path}`)).statusCode, 200, path)
    }
  })

  it('refuses with the address under which clients know the server', async () => {
    const behind = new MemoryApp({ publicUrl: 'https://example.com/base' })
    const { type } = (await behind.get('/eventwell/events?x=1')).json() as { type: string }
    assert.equal(type, 'https://example.com/base/eventwell/docs#error-invalid_query')
    await behind.close()
  })
})
