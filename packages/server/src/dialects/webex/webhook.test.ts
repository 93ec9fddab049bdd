import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, beforeEach, afterEach, describe, it, mock } from 'node:test'
import { MemoryApp } from '../../../test/support/memory-app.ts'
import { idOf, pageOf, startMs } from './test/events.ts'

const [secret, secretOfOther] = ['secret_of_ours', 'secret_of_other']
const settings = {
  default: { webex: { webhookSecrets: [secret] } },
  other: { webex: { webhookSecrets: [secretOfOther] } },
}
const path = '/webex/webhook'

const message = {
  id: idOf('MESSAGE', 1),
  roomId: idOf('ROOM', 1),
  roomType: 'group',
  personId: idOf('PEOPLE', 1),
  personEmail: 'ada@orchard.example',
  created: '2026-03-01T10:00:00.000Z',
}

/** A delivery as Webex sends it (contract section 5). */
function delivery(fields: object = {}): Readonly<Record<string, unknown>> {
  return {
    id: idOf('WEBHOOK', 1),
    name: 'all messages',
    targetUrl: 'https://events.example.com/webex/webhook',
    resource: 'messages',
    event: 'created',
    orgId: idOf('ORGANIZATION', 1),
    createdBy: idOf('PEOPLE', 9),
    appId: idOf('APPLICATION', 1),
    ownedBy: 'creator',
    status: 'active',
    created: '2025-01-01T00:00:00.000Z',
    actorId: idOf('PEOPLE', 1),
    data: message,
    ...fields,
  }
}

function signed(body: string, key: string) {
  return { 'x-spark-signature': createHmac('sha1', key).update(body).digest('hex') }
}

describe('a webhook of Webex', () => {
  let app: MemoryApp
  beforeEach(() => {
    mock.timers.enable({ apis: ['Date'], now: startMs })
    app = new MemoryApp({ settings })
  })
  afterEach(async () => {
    mock.timers.reset()
    await app.close()
  })
  after(() => mock.timers.reset())

  async function deliver(fields: object = {}): Promise<void> {
    const body = JSON.stringify(delivery(fields))
    const answer = await app.post(path, body, { ...signed(body, secret), authorization: '' })
    assert.deepEqual([answer.statusCode, answer.body], [204, ''])
  }

  async function listed() {
    return (await pageOf(app, '/v1/events')).items
  }

  it('is an event whose type is the delivery’s event, at the time of its data', async () => {
    await deliver()
    const [event] = await listed()
    const { id, ...rest } = event!
    const { resource, event: type, actorId, orgId, data, ...webhook } = delivery()
    assert.deepEqual(rest, {
      resource,
      type,
      actorId,
      orgId,
      created: message.created,
      data,
      webhook,
    })
    assert.match(
      Buffer.from(id, 'base64url').toString(),
      /^ciscospark:\/\/us\/EVENT\/[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
    )
    assert.deepEqual((await app.get(`/v1/events/${id}`)).json(), event)
  })

  it('that comes again, or by an overlapping hook, is one event', async () => {
    await deliver()
    await deliver()
    mock.timers.tick(86_400_000)
    await deliver({ id: idOf('WEBHOOK', 2), name: 'of the organization', ownedBy: 'org' })
    assert.equal((await listed()).length, 1)
  })

  it('that comes again in another order of members is one event', async () => {
    await deliver({ data: { a: 1, b: { c: 2, d: 3 } } })
    await deliver({ data: { b: { d: 3, c: 2 }, a: 1 } })
    assert.equal((await listed()).length, 1)
  })

  it('tells of another event when anything of what happened differs', async () => {
    await deliver()
    await deliver({ event: 'deleted' })
    await deliver({ actorId: idOf('PEOPLE', 2) })
    await deliver({ resource: 'memberships' })
    await deliver({ data: { ...message, id: idOf('MESSAGE', 2) } })
    assert.equal((await listed()).length, 5)
  })

  it('of what can happen again is a repeat for ten minutes, and then another event', async () => {
    const membership = { id: idOf('MEMBERSHIP', 1), isModerator: true, created: message.created }
    const updated = { resource: 'memberships', event: 'updated', data: membership }
    await deliver(updated)
    mock.timers.tick(599_000)
    await deliver(updated)
    assert.equal((await listed()).length, 1)
    mock.timers.tick(1000)
    await deliver(updated)
    assert.equal((await listed()).length, 2)
    await deliver({ ...updated, data: { ...membership, isModerator: false } })
    assert.equal((await listed()).length, 3)
  })

  it('of what can happen again is a repeat across the end of a period, too', async () => {
    const updated = { resource: 'memberships', event: 'updated', data: { id: 'm' } }
    // Periods of ten minutes are counted from 1970: this one ends in a minute.
    mock.timers.tick(540_000)
    await deliver(updated)
    mock.timers.tick(120_000)
    await deliver(updated)
    assert.equal((await listed()).length, 1)
  })

  it('of a membership that is deleted again after it was made again is another event', async () => {
    const membership = { id: idOf('MEMBERSHIP', 1), roomId: idOf('ROOM', 1) }
    const deleted = { resource: 'memberships', event: 'deleted', data: membership }
    await deliver(deleted)
    const data = { ...membership, created: '2026-03-02T10:00:00.000Z' }
    await deliver({ resource: 'memberships', data })
    mock.timers.tick(86_400_000)
    await deliver(deleted)
    assert.equal((await listed()).length, 3)
  })

  it('cannot take the room of those who have a key', async () => {
    const crowded = new MemoryApp({ settings, limits: { deliveriesBytesMax: 100 } })
    const body = JSON.stringify(delivery())
    const refused = await crowded.post(path, body, signed(body, secret))
    assert.equal(refused.statusCode, 429)
    const taken = await crowded.post('/webex/v1/events', {
      ...delivery({ type: 'created', event: undefined }),
      id: 'of-ours',
    })
    assert.equal(taken.statusCode, 200, taken.body)
    await crowded.close()
  })

  it('has the time of receipt where its data have none', async () => {
    mock.timers.tick(5000)
    await deliver({ event: 'deleted' })
    await deliver({ event: 'updated', data: { ...message, updated: '2026-03-01T10:00:02.000Z' } })
    await deliver({ data: { ...message, created: 'soon' } })
    assert.deepEqual(
      (await listed()).map(({ created }) => created),
      ['2026-03-01T10:00:02.000Z', '2026-03-01T10:00:05.000Z', '2026-03-01T10:00:05.000Z'],
    )
  })

  it('belongs to the workspace whose secret it is signed with', async () => {
    const body = JSON.stringify(delivery())
    await app.post(path, body, signed(body, secretOfOther))
    assert.equal((await listed()).length, 0)
    const other = await pageOf(app, '/v1/events', { authorization: 'Bearer other' })
    assert.equal(other.items.length, 1)
  })

  const body = JSON.stringify(delivery())
  for (const [name, headers] of [
    ['no signature', {}],
    ['an empty one', { 'x-spark-signature': '' }],
    ['another secret', signed(body, 'stranger')],
    ['the signature of another body', signed(`${body} `, secret)],
    [
      'the wrong hash',
      { 'x-spark-signature': createHmac('sha256', secret).update(body).digest('hex') },
    ],
    ['a signature that is no hex', { 'x-spark-signature': 'z'.repeat(40) }],
  ] as const) {
    it(`is refused with ${name}, before its body is parsed`, async () => {
      for (const text of [body, `${body.slice(0, -1)}`]) {
        const answer = await app.post(path, text, headers)
        assert.equal(answer.statusCode, 401, answer.body)
        assert.match(answer.json().message, /[sS]ignature/)
        assert.equal(answer.json().errors[0].description, answer.json().message)
      }
      assert.equal((await listed()).length, 0)
    })
  }

  for (const [name, text, message] of [
    ['broken JSON', '{', /not valid JSON/],
    ['an array', `[${body}]`, /must be an object/],
    ['no resource', JSON.stringify(delivery({ resource: undefined })), /resource is missing/],
    ['no event', JSON.stringify(delivery({ event: undefined })), /event is missing/],
    ['an event with a dot', JSON.stringify(delivery({ event: 'a.b' })), /must not contain a dot/],
    ['no data', JSON.stringify(delivery({ data: null })), /data must be an object/],
  ] as const) {
    it(`with ${name} is refused once its signature is right`, async () => {
      const answer = await app.post(path, text, signed(text, secret))
      assert.equal(answer.statusCode, 400, answer.body)
      assert.match(answer.json().message, message)
    })
  }

  it('is refused where no secret is set', async () => {
    const bare = new MemoryApp()
    const answer = await bare.post(path, body, signed(body, secret))
    assert.equal(answer.statusCode, 401)
    assert.match(answer.json().message, /webex\.webhookSecrets/)
    await bare.close()
  })
})
