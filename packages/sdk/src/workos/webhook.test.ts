import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'
import { isWebhookSignatureError } from './guards.ts'
import { verifyWebhook, type WebhookDelivery } from './webhook.ts'
import type { WebhookRefusal } from './webhook-error.ts'

const secret = 'whsec_of_the_orchard'
const nowMs = Date.UTC(2026, 2, 1, 10)
const event = {
  object: 'event',
  id: 'event_01JQ0000000000000000000001',
  event: 'user.created',
  created_at: '2026-03-01T10:00:00.000Z',
  data: { id: 'user_1', first_name: 'Ädä 🍐' },
}
const payload = JSON.stringify(event)

function signature(body: string | Uint8Array, time: number | string = nowMs, by = secret): string {
  return createHmac('sha256', by).update(`${time}.`).update(body).digest('hex')
}
const good = signature(payload)
const delivery = (change: object = {}): WebhookDelivery => ({
  payload,
  header: `t=${nowMs}, v1=${good}`,
  secret,
  nowMs,
  ...change,
})
const signedAt = (time: number | string, body = payload) => ({
  payload: body,
  header: `t=${time}, v1=${signature(body, time)}`,
})

describe('a webhook', () => {
  const other = '0'.repeat(64)
  const taken: readonly (readonly [what: string, change: object])[] = [
    ['as WorkOS sends it', {}],
    ['whose body came as bytes', { payload: new TextEncoder().encode(payload) }],
    ['without the blank', { header: `t=${nowMs},v1=${good}` }],
    ['in the other order', { header: `v1=${good}, t=${nowMs}` }],
    ['with one signature more', { header: `t=${nowMs}, v1=${other}, v1=${good}` }],
    ['with what is not known', { header: `t=${nowMs}, v0=x, v1=${good}, v2=y` }],
    ['of the former secret', { secret: ['the new one', secret] }],
    ['of three minutes ago', signedAt(nowMs - 180_000)],
    ['of three minutes ahead', signedAt(nowMs + 180_000)],
    ['of any time, where that is wanted', { ...signedAt(1), toleranceMs: Infinity }],
    ['of right now, where nothing else is wanted', { toleranceMs: 0 }],
  ]
  for (const [what, change] of taken) {
    it(`${what} is taken`, async () => {
      assert.deepEqual(await verifyWebhook(delivery(change)), event)
    })
  }

  const refused: readonly (readonly [string, change: object, WebhookRefusal, RegExp])[] = [
    ['without a header', { header: undefined }, 'header', /is missing/],
    ['whose header was not there', { header: null }, 'header', /is missing/],
    ['with an empty header', { header: '' }, 'header', /is missing/],
    ['with a header of no end', { header: `t=1, v1=${'a'.repeat(9999)}` }, 'header', /too long/],
    ['without a time', { header: `v1=${good}` }, 'header', /must be like/],
    ['without a signature', { header: `t=${nowMs}` }, 'header', /must be like/],
    ['with an empty signature', { header: `t=${nowMs}, v1=` }, 'header', /must be like/],
    ['with two times', { header: `t=${nowMs}, t=1, v1=${good}` }, 'header', /must be like/],
    ['with a time that is none', { header: `t=now, v1=${good}` }, 'header', /must be like/],
    ['of too long ago', signedAt(nowMs - 180_001), 'time', /180001 ms before/],
    ['of too far ahead', signedAt(nowMs + 180_001), 'time', /180001 ms after/],
    ['timed in seconds', signedAt(nowMs / 1000), 'time', /before now/],
    ['signed with another secret', { secret: 'other' }, 'signature', /not signed with this/],
    ['signed for another time', { header: `t=${nowMs + 1}, v1=${good}` }, 'signature', /secret/],
    ['with another body', { payload: `${payload} ` }, 'signature', /body is not the one/],
    ['signed in upper case', { header: `t=${nowMs}, v1=${good.toUpperCase()}` }, 'signature', /./],
    ['with half a signature', { header: `t=${nowMs}, v1=${good.slice(32)}` }, 'signature', /./],
    ['that is signed and no JSON', signedAt(nowMs, 'hello'), 'payload', /not JSON/],
    ['that is signed and no event', signedAt(nowMs, '{"id":"x"}'), 'payload', /no event/],
    ['that is signed and empty', signedAt(nowMs, ''), 'payload', /not JSON/],
  ]
  for (const [what, change, reason, message] of refused) {
    it(`${what} is refused for its ${reason}`, async () => {
      await assert.rejects(verifyWebhook(delivery(change)), (thrown) => {
        assert.ok(isWebhookSignatureError(thrown), String(thrown))
        assert.equal(thrown.reason, reason)
        assert.match(thrown.message, message)
        const shown = inspect(thrown, { depth: 9 })
        assert.ok(!shown.includes(secret) && !shown.includes(good))
        return true
      })
    })
  }

  const mistakes: readonly (readonly [what: string, change: object, error: RegExp])[] = [
    ['a body that was parsed', { payload: event }, /TypeError: payload must be the raw body/],
    ['no body', { payload: undefined }, /TypeError: payload/],
    ['no secret', { secret: undefined }, /TypeError: secret/],
    ['an empty secret', { secret: '' }, /TypeError: secret/],
    ['no secrets', { secret: [] }, /TypeError: secret/],
    ['an empty secret among others', { secret: [secret, ''] }, /TypeError: secret/],
    ['a negative tolerance', { toleranceMs: -1 }, /RangeError: toleranceMs/],
    ['a tolerance that is no number', { toleranceMs: NaN }, /RangeError: toleranceMs/],
  ]
  for (const [what, change, error] of mistakes) {
    it(`cannot be checked with ${what}`, async () => {
      await assert.rejects(verifyWebhook(delivery(change)), (thrown) => {
        return !isWebhookSignatureError(thrown) && error.test(String(thrown))
      })
    })
  }

  it('is refused when any bit of its signature is another', async () => {
    for (let place = 0; place < good.length; place += 1) {
      const digit = good[place] === '0' ? '1' : '0'
      const header = `t=${nowMs}, v1=${good.slice(0, place)}${digit}${good.slice(place + 1)}`
      await assert.rejects(verifyWebhook(delivery({ header })), { reason: 'signature' })
    }
  })

  it('is timed by the runtime’s clock where nothing is said', async () => {
    const { payload, header } = signedAt(Date.now())
    assert.equal((await verifyWebhook({ payload, header, secret })).id, event.id)
    await assert.rejects(verifyWebhook({ ...signedAt(nowMs), secret }), { reason: 'time' })
  })
})
