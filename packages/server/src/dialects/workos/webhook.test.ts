import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, it, mock } from 'node:test'
import fc from 'fast-check'
import { MemoryApp } from '../../../test/support/memory-app.ts'
import { eventAt, idAt, startMs, type WireEvent, type WirePage } from './test/events.ts'

const [secret, otherSecret, secretOfOther] = ['whsec_of_ours', 'whsec_older', 'whsec_of_other']
const settings = {
  default: { workos: { webhookSecrets: [secret, otherSecret] } },
  other: { workos: { webhookSecrets: [secretOfOther] } },
}
const path = '/workos/webhook'

function sign(body: string, key: string, ms: number = Date.now()): string {
  return createHmac('sha256', key).update(`${ms}.${body}`).digest('hex')
}

function signed(body: string, key: string, ms = Date.now(), separator = ', ') {
  return { 'workos-signature': `t=${ms}${separator}v1=${sign(body, key, ms)}` }
}

async function idsOf(app: MemoryApp, workspace = 'default', after = ''): Promise<string[]> {
  const key = { authorization: `Bearer ${workspace}` }
  const answer = await app.get(`/events?limit=100&after=${after}`, key)
  return answer.json<WirePage>().data.map(({ id }) => id)
}

describe('a webhook of WorkOS', () => {
  let app: MemoryApp
  before(() => {
    app = new MemoryApp({ settings })
  })
  after(() => app.close())
  const event = { ...eventAt(1, 'user.created', { id: 'user_1' }), context: { client_id: 'c' } }
  const body = JSON.stringify(event)

  it('lands in the log, whatever its payload lacks, once', async () => {
    for (let time = 0; time < 3; time++) {
      const answer = await app.post(path, body, signed(body, secret))
      assert.deepEqual([answer.statusCode, answer.json()], [200, { success: true }])
    }
    const list = (await app.get('/events')).json<WirePage>()
    assert.deepEqual(list.data, [{ object: 'event', ...event }])
  })

  it('is the same event as the one that was put in, and as the one that is', async () => {
    const [first, second] = [eventAt(2), eventAt(3)]
    await app.post('/workos/events', { object: 'event', ...first })
    assert.equal(
      (await app.post(path, first, signed(JSON.stringify(first), secret))).statusCode,
      200,
    )
    await app.post(path, second, signed(JSON.stringify(second), secret))
    assert.equal((await app.post('/workos/events', [first, second])).statusCode, 200)
    assert.deepEqual(await idsOf(app), [event.id, first.id, second.id])
  })

  it('that differs from the event here leaves that one as it is, and is not asked for again', async () => {
    const changed = { ...event, context: {} }
    const answer = await app.post(path, changed, signed(JSON.stringify(changed), secret))
    assert.equal(answer.statusCode, 200)
    const [kept] = (await app.get('/events?limit=1')).json<WirePage>().data
    assert.deepEqual(kept, { object: 'event', ...event })
  })

  const spellings: [string, object][] = [
    ['no context', { context: undefined }],
    ['an empty context', { context: {} }],
    ['another zone', { created_at: '2026-03-01T12:01:00+02:00' }],
    ['other key order', { data: { id: 'user_1', n: 1 } }],
  ]
  for (const [what, fields] of spellings) {
    for (const isWebhookFirst of [true, false]) {
      const first = isWebhookFirst ? 'the webhook' : 'the mirror'
      it(`is one event with the mirror’s when one of them has ${what}; ${first} comes first`, async () => {
        const own = new MemoryApp({ settings })
        const whole = eventAt(1, 'order.paid', { n: 1, id: 'user_1' })
        const event = { ...whole, context: { client_id: 'c', actor: { id: 'a', source: 's' } } }
        const text = JSON.stringify({ ...event, ...fields })
        const webhook = () => own.post(path, text, signed(text, secret))
        const mirror = () => own.post('/workos/events', [eventAt(0), event, eventAt(2)])
        for (const bring of isWebhookFirst ? [webhook, mirror] : [mirror, webhook]) {
          assert.equal((await bring()).statusCode, 200)
        }
        assert.equal((await idsOf(own)).length, 3)
        const changed = { ...event, data: { n: 2 } }
        const answer = await own.post('/workos/events', [eventAt(5), changed])
        assert.equal(answer.statusCode, 409, 'other content is no repeat')
        assert.equal((await idsOf(own)).length, 3)
        await own.close()
      })
    }
  }

  it('belongs to the workspace whose secret it is signed with, and to no key', async () => {
    const theirs = eventAt(7)
    const text = JSON.stringify(theirs)
    const answer = await app.post(path, text, { ...signed(text, secretOfOther), authorization: '' })
    assert.equal(answer.statusCode, 200)
    assert.deepEqual(await idsOf(app, 'other'), [theirs.id])
    assert.ok(!(await idsOf(app)).includes(theirs.id))
  })

  type Header = (now: number, right: string) => string
  const accepted: [string, Header][] = [
    ['a comma without a blank', (now, right) => `t=${now},v1=${right}`],
    ['capital letters', (now, right) => `t=${now}, v1=${right.toUpperCase()}`],
    ['a second signature', (now, right) => `t=${now}, v1=${'0'.repeat(64)}, v1=${right}`],
    ['another order', (now, right) => `v1=${right}, t=${now}`],
    ['the older of two secrets', (now) => `t=${now}, v1=${sign(body, otherSecret, now)}`],
    [
      'a time three minutes ago',
      (now) => `t=${now - 170_000}, v1=${sign(body, secret, now - 170_000)}`,
    ],
    ['a time soon', (now) => `t=${now + 170_000}, v1=${sign(body, secret, now + 170_000)}`],
  ]
  for (const [name, headerAt] of accepted) {
    it(`is taken with ${name}`, async () => {
      const now = Date.now()
      const header = headerAt(now, sign(body, secret, now))
      const answer = await app.post(path, body, { 'workos-signature': header })
      assert.equal(answer.statusCode, 200, answer.body)
    })
  }

  const refused: [string, Header | undefined, RegExp][] = [
    ['none', undefined, /must be like/],
    ['an empty one', () => '', /must be like/],
    ['no time', (_now, right) => `v1=${right}`, /must be like/],
    ['no signature', (now) => `t=${now}`, /must be like/],
    ['a time that is none', (_now, right) => `t=soon, v1=${right}`, /must be like/],
    ['a wrong one', (now) => `t=${now}, v1=${'0'.repeat(64)}`, /does not fit/],
    ['a short one', (now, right) => `t=${now}, v1=${right.slice(2)}`, /does not fit/],
    ['one that is no hex', (now, right) => `t=${now}, v1=${right.slice(2)}zz`, /does not fit/],
    ['one of another time', (now, right) => `t=${now + 1}, v1=${right}`, /does not fit/],
    [
      'another secret',
      (now) => `t=${now}, v1=${sign(body, 'whsec_stranger', now)}`,
      /does not fit/,
    ],
    [
      'an old one',
      (now) => `t=${now - 200_000}, v1=${sign(body, secret, now - 200_000)}`,
      /more than 180 seconds/,
    ],
    [
      'one of the future',
      (now) => `t=${now + 200_000}, v1=${sign(body, secret, now + 200_000)}`,
      /more than 180 seconds/,
    ],
    [
      'a time in seconds',
      (now) => `t=${Math.floor(now / 1000)}, v1=${sign(body, secret, Math.floor(now / 1000))}`,
      /\(ms since 1970\), more than 180 seconds/,
    ],
  ]
  for (const [name, headerAt, message] of refused) {
    it(`is refused with ${name} as a signature, before its body is parsed`, async () => {
      const now = Date.now()
      const header = headerAt?.(now, sign(body, secret, now))
      const headers = header === undefined ? undefined : { 'workos-signature': header }
      for (const text of [body, '{"broken']) {
        const answer = await app.post(path, text, headers)
        assert.equal(answer.statusCode, 401, answer.body)
        assert.equal(answer.json().code, 'invalid_signature')
        assert.match(answer.json().message, text === body ? message : /./)
        assert.ok(!answer.body.includes('whsec'))
      }
    })
  }

  it('that is no event is refused once its signature is right', async () => {
    for (const [text, pattern] of [
      ['{"broken', /not valid JSON/],
      ['', /empty/],
      ['7', /must be an object/],
      [`[${body}]`, /must be an object, not an array/],
      [JSON.stringify({ ...event, id: 'evt_1' }), /id must begin/],
    ] as const) {
      const answer = await app.post(path, text, signed(text, secret))
      assert.equal(answer.statusCode, 400, answer.body)
      assert.match(answer.json().message, pattern)
    }
  })

  it('of more than a mebibyte is refused', async () => {
    const large = JSON.stringify({ ...event, data: { text: 'x'.repeat(1024 * 1024) } })
    const answer = await app.post(path, large, signed(large, secret))
    assert.equal(answer.statusCode, 413)
  })

  it('is refused where no secret is set, saying where it belongs', async () => {
    const bare = new MemoryApp()
    const answer = await bare.post(path, body, signed(body, secret))
    assert.equal(answer.statusCode, 401)
    assert.match(answer.json().message, /workspaces\.<name>\.workos\.webhookSecrets/)
    await bare.close()
  })
})

describe('webhooks and polling together', () => {
  // At WorkOS a webhook comes at once and the list shows an event some seconds later: who takes a webhook’s
  // id for a cursor skips the older events that the list did not show yet. Here all ways lead into one order.
  type Step =
    { readonly kind: 'webhook' | 'mirror'; readonly n: number } | { readonly kind: 'poll' }
  const count = 12
  const step = fc.oneof(
    fc.record({ kind: fc.constantFrom('webhook', 'mirror'), n: fc.nat(count - 1) }),
    fc.constant({ kind: 'poll' }),
  ) as fc.Arbitrary<Step>

  it('lose nothing and show nothing twice, in whatever order all of it comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
        const app = new MemoryApp({ settings })
        const came = new Set<string>()
        const seen: string[] = []
        const poll = async () => seen.push(...(await idsOf(app, 'default', seen.at(-1) ?? '')))
        for (const one of steps) {
          if (one.kind === 'poll') await poll()
          else came.add(await bring(app, one.kind, eventAt(one.n)))
        }
        await poll()
        await app.close()
        assert.deepEqual(seen.toSorted(), [...came].toSorted())
      }),
      { numRuns: 60 },
    )
  })

  it('lose nothing to a consumer whose cursor is the id of an event that is on its way here', async () => {
    mock.timers.enable({ apis: ['Date'], now: startMs + count * 60_000 })
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.shuffledSubarray([...Array(count).keys()], { minLength: count }),
          fc.nat(count),
          fc.infiniteStream(fc.boolean()),
          async (order, arrivedBefore, polls) => {
            const app = new MemoryApp({ settings })
            const read = new Set<string>()
            for (const n of order.slice(0, arrivedBefore)) {
              read.add(await bring(app, 'mirror', eventAt(n)))
            }
            mock.timers.tick(20_000)
            // WorkOS tells the consumer itself of an event. It takes that one for its cursor, as many do.
            let cursor = idAt(Date.now())
            const poll = async () => {
              for (const id of await idsOf(app, 'default', cursor)) {
                assert.ok(!read.has(id), 'shown twice')
                read.add(id)
                cursor = id
              }
            }
            for (const n of order.slice(arrivedBefore)) {
              await bring(app, 'webhook', eventAt(n))
              if (polls.next().value) await poll()
            }
            await poll()
            await app.close()
            assert.equal(read.size, count)
          },
        ),
        { numRuns: 100 },
      )
    } finally {
      mock.timers.reset()
    }
  })

  async function bring(
    app: MemoryApp,
    way: 'webhook' | 'mirror',
    event: WireEvent,
  ): Promise<string> {
    const body = JSON.stringify(event)
    const answer =
      way === 'webhook'
        ? await app.post(path, body, signed(body, secret))
        : await app.post('/workos/events', [event])
    assert.equal(answer.statusCode, 200, answer.body)
    return event.id
  }
})
