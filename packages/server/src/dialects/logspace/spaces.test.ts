import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Desk, type Asked } from './test/desk.ts'

// One space is full of what must not be seen; the other asks for it by every reading route.

const desk = new Desk()
const secret = 'mandrake'
const nowish = new Date(Date.now() - 3_600_000).toISOString()
const head = `"system":"${secret}-host","agent-id":"${secret}/agent","timestamp":"${nowish}"`
const order = {
  'agent-orders': [{ id: `${secret}/agent`, 'trigger-type': 'Off' }],
  'commit-max-seconds': 7,
}
const capabilities = { id: 'ctl', system: `${secret}-host` }
const definition = {
  timeWindow: { start: '2020-01-01T00:00:00Z', end: '2090-01-01T00:00:00Z', gap: 31_536_000 },
  globalAgentId: `full|${secret}-host|${secret}/agent`,
  propertyId: `long_property_${secret}_n`,
  aggregate: 'count',
}

before(async () => {
  await desk.put(
    'full',
    `[{"id":"shared",${head},"long-properties":{"${secret}_n":[4]}},{"id":"own",${head},"long-properties":{"${secret}_n":[5]}}]`,
  )
  await desk.ask({ method: 'PUT', path: '/orders/ctl', key: 'rw:full', body: order })
  await desk.ask({ method: 'PUT', path: '/capabilities/ctl', key: 'rw:full', body: capabilities })
})
after(() => desk.close())

const everything = { elements: [{ property: 'space', value: 'full' }] }
const ofAgent = { elements: [{ property: 'global_agent_id', value: definition.globalAgentId }] }
const reading: readonly (readonly [name: string, asked: Asked])[] = [
  ['retrieval', { path: '/events' }],
  ['retrieval of the other space', { path: '/events', body: everything }],
  ['retrieval of the other’s agent', { path: '/events', body: ofAgent }],
  ['retrieval by GET', { method: 'GET', path: '/events' }],
  [
    'retrieval by GET with a filter',
    { method: 'GET', path: `/api/events?filter=${encodeURIComponent(JSON.stringify(everything))}` },
  ],
  ['the stream', { path: '/event-stream' }],
  ['the stream of the other space', { path: '/event-stream', body: everything }],
  ['suggestions', { path: '/suggestion' }],
  ['suggestions of the other space', { path: '/suggestion', body: { spaceId: 'full' } }],
  ['suggestions by GET', { method: 'GET', path: '/suggestion?space=full' }],
  ['a time series', { path: '/time-series', body: { definitions: [definition] } }],
  [
    'a time series with a filter',
    { path: '/time-series', body: { definitions: [{ ...definition, filter: everything }] } },
  ],
  [
    'a download',
    {
      path: '/download',
      body: { definitions: [{ ...definition, propertyId: 'long_property_n' }] },
    },
  ],
  ['the activity', { method: 'GET', path: '/agent-activity?duration=2592000' }],
  ['the order', { method: 'GET', path: '/orders/ctl' }],
  ['the capabilities', { method: 'GET', path: '/capabilities/ctl' }],
]

/** Where there is something, it is shown: else the test of the other space would show nothing. */
const shown = reading.filter(([, { path }]) => path !== '/download')

describe('Of one space of Logspace, another sees nothing', () => {
  for (const [name, asked] of reading) {
    it(`by ${name}`, async () => {
      const answer = await desk.ask({ ...asked, key: 'rw:empty' })
      assert.equal(answer.statusCode, /orders|capabilities/.test(asked.path) ? 404 : 200)
      assert.ok(!answer.body.includes(secret), answer.body)
      const { data } =
        asked.path === '/time-series' ? answer.json<{ data: number[][] }>() : { data: [] }
      assert.deepEqual(
        data.flat().filter((count) => count !== 0),
        [],
      )
    })
  }

  it('though the space itself sees all of it', async () => {
    for (const [name, asked] of shown) {
      const { body, statusCode } = await desk.ask({ ...asked, key: 'rw:full' })
      assert.equal(statusCode, 200, name)
      assert.ok(
        asked.path === '/time-series'
          ? /\b2\b/.test(JSON.stringify(JSON.parse(body).data))
          : body.includes(secret),
        `${name}: ${body}`,
      )
    }
    const { body } = await desk.ask({
      path: '/download',
      key: 'rw:full',
      body: { definitions: [definition] },
    })
    assert.equal(body.split('\r\n').length, 4)
  })

  it('and takes no mark of the other’s list', async () => {
    const { nextCursorMark } = await desk.retrieve('full', 'count=1')
    const answer = await desk.ask({ path: `/events?cursor=${nextCursorMark}`, key: 'rw:empty' })
    assert.equal(answer.statusCode, 400)
  })

  it('and replaces nothing there by the same id', async () => {
    const before = await desk.read('full', '/events')
    await desk.put(
      'third',
      `[{"id":"shared","system":"s","agent-id":"a","timestamp":"2030-01-01T00:00:00Z"}]`,
    )
    assert.equal(await desk.read('full', '/events'), before)
    assert.deepEqual(await desk.idsOf('third', {}), ['shared'])
  })

  it('and gives or takes back no order there, and announces nothing', async () => {
    await desk.ask({
      method: 'PUT',
      path: '/orders/ctl',
      key: 'rw:third',
      body: { 'commit-max-seconds': 1 },
    })
    await desk.ask({
      method: 'PUT',
      path: '/capabilities/ctl',
      key: 'rw:third',
      body: { id: 'ctl' },
    })
    await desk.ask({ method: 'DELETE', path: '/orders/ctl', key: 'rw:third' })
    const found = await desk.ask({ method: 'GET', path: '/orders/ctl', key: 'w:full' })
    assert.deepEqual(found.json(), order)
    const announced = await desk.ask({ method: 'GET', path: '/capabilities/ctl', key: 'r:full' })
    assert.deepEqual(announced.json(), capabilities)
  })
})
