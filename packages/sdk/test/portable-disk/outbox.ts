import { Eventwell } from '@eventwell/client'
import { isSpoolFullError, Outbox } from '@eventwell/client/outbox'
import { equal, fails, ok } from '../portable/assert.ts'
import { replayFetch } from '../support/replay.ts'
import type { DiskCheck } from './world.ts'

const event = { source: '/shop', type: 'order.paid', data: { total: 12.5 } }
const fail = (error: unknown) => {
  throw error
}

/** What must hold of the outbox wherever there are files. */
export const outboxChecks: readonly DiskCheck[] = [
  {
    name: 'outbox-brings-events-in-order',
    async run({ url, keys, folder }) {
      const key = keys['outbox-brings-events-in-order']!
      const outbox = await Outbox.open({ folder, url, key, onFault: fail })
      const first = await outbox.append(event)
      const more = await outbox.append([event, { ...event, id: 'own' }])
      await outbox.flush()
      equal(outbox.size.events, 0)
      await outbox.close()
      const { events } = await new Eventwell({ url, key }).list()
      equal(
        events.map(({ id }) => id),
        [first, ...more].map(({ id }) => id),
      )
    },
  },
  {
    name: 'outbox-keeps-what-is-unsent',
    async run({ url, keys, folder }) {
      const key = keys['outbox-keeps-what-is-unsent']!
      const hanging = () => new Promise<Response>(() => {})
      const outbox = await Outbox.open({ folder, url, key, fetch: hanging })
      const { id } = await outbox.append(event)
      await fails(Outbox.open({ folder, url, key }), (error) => {
        return (error as Error).name === 'FolderInUseError'
      })
      await outbox.close()
      const next = await Outbox.open({ folder, url, key, onFault: fail })
      await next.flush()
      await next.close()
      const { events } = await new Eventwell({ url, key }).list()
      equal(
        events.map((one) => one.id),
        [id],
      )
    },
  },
  {
    name: 'outbox-puts-aside-what-is-refused',
    async run({ url, keys, folder }) {
      const key = keys['outbox-puts-aside-what-is-refused']!
      const refused: string[] = []
      const onRefused = ({ id }: { id: string }) => refused.push(id)
      const outbox = await Outbox.open({ folder, url, key, onFault: fail, onRefused })
      await outbox.append([
        { ...event, id: 'a' },
        { ...event, id: 'b', source: 'webex' },
        { ...event, id: 'c' },
      ])
      await outbox.flush()
      await outbox.close()
      equal(refused, ['b'])
      const { events } = await new Eventwell({ url, key }).list()
      equal(
        events.map(({ id }) => id),
        ['a', 'c'],
      )
    },
  },
  {
    name: 'outbox-waits-as-it-is-asked-to',
    async run({ folder }) {
      const sleptMs: number[] = []
      const clock = {
        now: () => Date.now(),
        random: () => 0,
        sleep: async (delayMs: number) => void sleptMs.push(delayMs),
      }
      const receipt = { id: 'a', source: '/shop', outcome: 'created', sequence: '1' }
      const { fetch, requests } = replayFetch([
        { status: 401 },
        { status: 429, headers: { 'retry-after': '7' } },
        { status: 200, body: { events: [receipt] } },
      ])
      const place = { folder, url: 'http://events.test', key: 'key', bytesMax: 1000 }
      const outbox = await Outbox.open({ ...place, fetch, clock, onFault: () => {} })
      await fails(outbox.append({ ...event, data: 'x'.repeat(1000) }), isSpoolFullError)
      await outbox.append({ ...event, id: 'a' })
      await outbox.flush()
      await outbox.close()
      equal(sleptMs, [1000, 7000])
      equal(requests.length, 3)
      ok(requests[0]!.body === requests[2]!.body, 'the same is sent again')
    },
  },
]
