import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  isEvent,
  isKnownEvent,
  verifyWebhook,
  WorkOS,
  type EventList,
  type EventNamed,
  type EventOf,
  type EventPayloads,
  type KnownEvent,
  type KnownEventName,
  type UnknownEvent,
  type User,
  type WorkOSEvent,
} from '@eventwell/client/workos'

// What the compiler must know. A wrong line does not compile; at run time there is little to see.

type Equal<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false
const holds = <Claim extends true>(claim?: Claim) => claim

const created: EventOf<'user.created'> = {
  object: 'event',
  id: 'event_01JQ0000000000000000000001',
  event: 'user.created',
  created_at: '2026-03-01T10:00:00.000Z',
  data: {
    object: 'user',
    id: 'user_1',
    first_name: null,
    last_name: null,
    profile_picture_url: null,
    email: 'ada@orchard.example',
    email_verified: true,
    external_id: null,
    last_sign_in_at: null,
    created_at: '2026-03-01T10:00:00.000Z',
    updated_at: '2026-03-01T10:00:00.000Z',
  },
}
const paid: UnknownEvent = { ...created, event: 'order.paid', data: { n: 7 } }

describe('the union of events', () => {
  it('has each name once, with its own payload', () => {
    holds<Equal<KnownEvent['event'], KnownEventName>>()
    holds<Equal<KnownEvent['event'], keyof EventPayloads>>()
    holds<Equal<Extract<KnownEvent, { event: 'user.created' }>['data'], User>>()
    holds<Equal<EventOf<'user.deleted'>['data'], User>>()
    holds<Equal<EventOf<'vault.dek.read'>['data']['key_ids'], string[]>>()
    type Contexts = NonNullable<EventOf<'flag.rule_updated'>['context']>
    holds<Equal<Contexts['configured_targets']['users'], { id: string; email: string }[]>>()
  })

  it('is narrowed by a switch behind isKnownEvent', () => {
    const seen: string[] = []
    for (const event of [created, paid] as WorkOSEvent[]) {
      if (!isKnownEvent(event)) {
        holds<Equal<typeof event, UnknownEvent>>()
        seen.push(event.event)
        continue
      }
      switch (event.event) {
        case 'user.created':
          holds<Equal<typeof event.data, User>>()
          seen.push(event.data.email)
          break
        case 'organization.created':
          holds<
            Equal<typeof event.data.domains, EventPayloads['organization.created']['domains']>
          >()
          break
        default:
          holds<Equal<typeof event.event & 'user.created', never>>()
      }
    }
    assert.deepEqual(seen, ['ada@orchard.example', 'order.paid'])
  })

  it('is narrowed by isEvent, and what is left is not it', () => {
    const event = created as WorkOSEvent
    if (isEvent(event, 'user.created')) holds<Equal<typeof event.data, User>>()
    else if (isEvent(event, 'order.paid')) holds<Equal<typeof event.event, 'order.paid'>>()
    const users = [created, paid].filter((one: WorkOSEvent) => isEvent(one, 'user.created'))
    assert.deepEqual(users, [created])
  })

  it('of a list that names its events has these alone', () => {
    holds<
      Equal<EventNamed<'user.created' | 'user.deleted'>, EventOf<'user.created' | 'user.deleted'>>
    >()
    holds<Equal<EventNamed<'order.paid'>['event'], 'order.paid'>>()
    holds<Equal<EventNamed<string>, WorkOSEvent>>()
    const ask = (workos: WorkOS, names: string[]) => ({
      named: workos.events.listEvents({ events: ['user.created'] }),
      any: workos.events.listEvents({ events: names }),
      all: workos.events.listEvents({ limit: 1 }),
      each: workos.events.iterate({ events: ['user.created', 'order.paid'] }),
    })
    type Asked = ReturnType<typeof ask>
    holds<Equal<Awaited<Asked['named']>, EventList<EventOf<'user.created'>>>>()
    holds<Equal<Awaited<Asked['any']>, EventList<WorkOSEvent>>>()
    holds<Equal<Awaited<Asked['all']>, EventList<WorkOSEvent>>>()
    type Each = Asked['each'] extends AsyncIterable<infer Event> ? Event : never
    holds<Equal<Each['event'], 'user.created' | 'order.paid'>>()
    holds<Equal<Extract<Each, { event: 'user.created' }>['data'], User>>()
    holds<Equal<ReturnType<typeof verifyWebhook>, Promise<WorkOSEvent>>>()
  })
})
