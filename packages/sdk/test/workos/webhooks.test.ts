import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { WorkOS as Official } from 'workos-11'
import { isWebhookSignatureError, verifyWebhook, WorkOS } from '@eventwell/client/workos'
import { startLimited, type LimitedServer } from '../../../server/test/clients/limited-server.ts'
import { user, workosEvent } from '../../../server/test/clients/workos-payloads.ts'

// Deliveries that the vendor's own code signs: what it takes, and what our server takes, we take.

const secret = 'whsec_of_the_orchard'
const event = workosEvent(1, 'user.created', { ...user, first_name: 'Ädä 🍐' })
const body = JSON.stringify(event)
const { webhooks } = new Official('sk_test_1')

interface Delivery {
  readonly payload: string
  readonly header: string
}

async function signed(timestamp: number, payload = body, by = secret): Promise<Delivery> {
  const hash = await webhooks.computeSignature(timestamp, payload as never, by)
  return { payload, header: `t=${timestamp}, v1=${hash}` }
}

const takes = (promise: Promise<unknown>) =>
  promise.then(
    () => true,
    () => false,
  )

async function officialTakes({ payload, header }: Delivery): Promise<boolean> {
  const delivery = { payload: payload as never, sigHeader: header, secret }
  return takes(webhooks.verifyHeader(delivery))
}

const weTake = (delivery: Delivery) => takes(verifyWebhook({ ...delivery, secret }))

describe('webhooks', () => {
  let server: LimitedServer
  before(async () => {
    server = await startLimited({ workos: { webhookSecrets: [secret] } })
  })
  after(() => server.close())

  async function serverTakes({ payload, header }: Delivery): Promise<boolean> {
    const response = await fetch(`${server.settled.url}/workos/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'workos-signature': header },
      body: payload,
    })
    await response.arrayBuffer()
    return response.ok
  }

  type Change = (good: Delivery) => Delivery | Promise<Delivery>
  const cases: readonly (readonly [what: string, isTaken: boolean, change: Change])[] = [
    ['as they come', true, (good) => good],
    [
      'without the blank',
      true,
      ({ payload, header }) => ({ payload, header: header.replace(' ', '') }),
    ],
    ['of two minutes ago', true, () => signed(Date.now() - 120_000)],
    ['of four minutes ago', false, () => signed(Date.now() - 240_000)],
    ['timed in seconds', false, () => signed(Math.floor(Date.now() / 1000))],
    ['signed with another secret', false, () => signed(Date.now(), body, 'whsec_other')],
    ['with another body', false, ({ header }) => ({ payload: `${body} `, header })],
    [
      'with another time',
      false,
      (good) => ({ ...good, header: good.header.replace('t=1', 't=2') }),
    ],
    [
      'with no signature',
      false,
      ({ payload, header }) => ({ payload, header: header.replace(/, v1=.*/, '') }),
    ],
    [
      'with half a signature',
      false,
      ({ payload, header }) => ({ payload, header: header.slice(0, -32) }),
    ],
    [
      'with a signature in upper case',
      false,
      ({ payload, header }) => ({
        payload,
        header: header.replace(/v1=.*/, (it) => `v1=${it.slice(3).toUpperCase()}`),
      }),
    ],
    ['with nonsense for a header', false, ({ payload }) => ({ payload, header: 'nonsense' })],
  ]
  for (const [what, isTaken, change] of cases) {
    it(`${what} are ${isTaken ? 'taken' : 'refused'} by the official client, and here`, async () => {
      const delivery = await change(await signed(Date.now()))
      assert.equal(await officialTakes(delivery), isTaken, 'the official client')
      assert.equal(await weTake(delivery), isTaken, 'ours')
      // Our server reads hexadecimal in either case.
      const isEitherCase = what.includes('upper case')
      assert.equal(await serverTakes(delivery), isTaken || isEitherCase, 'our server')
    })
  }

  it('of the future are refused here and by our server; the official client looks back only', async () => {
    const delivery = await signed(Date.now() + 240_000)
    assert.ok(await officialTakes(delivery))
    assert.ok(!(await weTake(delivery)))
    assert.ok(!(await serverTakes(delivery)))
  })

  it('are the events that the list then shows', async () => {
    const delivery = await signed(Date.now())
    const delivered = await verifyWebhook({ ...delivery, secret })
    assert.ok(await serverTakes(delivery))
    const { url, key } = server.settled
    const workos = new WorkOS({ apiKey: key, baseUrl: url })
    const { data } = await workos.events.listEvents({ events: ['user.created'] })
    assert.deepEqual(data, [delivered])
  })

  it('say why they are refused', async () => {
    const delivery = await signed(Date.now(), body, 'whsec_other')
    const isIt = (thrown: unknown) =>
      isWebhookSignatureError(thrown) && thrown.reason === 'signature'
    await assert.rejects(verifyWebhook({ ...delivery, secret }), isIt)
  })
})
