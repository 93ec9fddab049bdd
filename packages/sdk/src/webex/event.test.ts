import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { booleanOf, type CallRecordData } from './call-data.ts'
import type { DeletedMessageData, EventData, MessageData, RoomData } from './event-data.ts'
import {
  eventOf,
  isEvent,
  type CallRecordsEvent,
  type EventOf,
  type MessagesEvent,
  type UnknownEvent,
  type Unlisted,
  type WebexEvent,
  type WebexResource,
} from './event.ts'
import type { WebexEvents } from './events.ts'

// Types are held by assignments that do not compile when they are others.
type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const same = <A, B>(_isSame: Equal<A, B>) => undefined

/** Never called: what the compiler makes of an event by its resource. */
export function narrow(event: WebexEvent): void {
  if (event.resource === 'messages') {
    same<typeof event, MessagesEvent>(true)
    if (event.type === 'deleted') same<typeof event.data, DeletedMessageData>(true)
    else same<typeof event.data, MessageData>(true)
  }
  switch (event.resource) {
    case 'call_records':
      same<typeof event, CallRecordsEvent>(true)
      same<typeof event.data, CallRecordData>(true)
      break
    case 'rooms':
      same<typeof event.data, RoomData>(true)
      same<typeof event.data.isLocked, boolean | undefined>(true)
      break
    default:
      same<Extract<typeof event, CallRecordsEvent>, never>(true)
  }
  if (isEvent(event, 'teams', 'created')) {
    same<typeof event.resource, UnknownEvent['resource']>(true)
    same<typeof event.type, 'created'>(true)
    same<typeof event.data, EventData>(true)
  }
  if (isEvent(event, 'messages')) same<typeof event, MessagesEvent>(true)
  if (isEvent(event, 'messages', 'created')) same<typeof event.data, MessageData>(true)
}

/** Never called: what the compiler makes of an event by its type. */
export function narrowByType(event: WebexEvent, text: string): void {
  if (isEvent(event, 'messages', 'deleted')) {
    same<typeof event.data, DeletedMessageData>(true)
    return
  }
  // An event of another type is still one of messages.
  if (isEvent(event, 'messages', 'created')) {
    same<typeof event.data, MessageData>(true)
    same<typeof event.type, 'created'>(true)
  } else if (event.resource === 'messages')
    same<typeof event.type, 'created' | 'updated' | Unlisted>(true)
  if (isEvent(event, 'rooms', 'archived')) {
    same<typeof event.data, RoomData>(true)
    same<typeof event.type, Unlisted>(true)
  }
  if (isEvent(event, 'rooms', text)) {
    same<typeof event.data, RoomData>(true)
    same<typeof event.type, 'updated' | Unlisted>(true)
  }
}

/** Never called: what the compiler makes of a list by its query. */
export async function lists(events: WebexEvents, text: string): Promise<void> {
  const { items } = await events.list({ resource: 'messages' })
  same<typeof items, readonly MessagesEvent[]>(true)
  same<Awaited<ReturnType<typeof all>>['items'], readonly WebexEvent[]>(true)
  const all = () => events.list()
  for await (const event of events.iterate({ resource: 'call_records', max: 7 })) {
    same<typeof event, CallRecordsEvent>(true)
  }
  for await (const event of events.iterate({ resource: text })) same<typeof event, WebexEvent>(true)
  for await (const event of events.iterate({ resource: 'teams' })) {
    same<typeof event, UnknownEvent>(true)
  }
}

same<EventOf<'all'>, WebexEvent>(true)
same<
  WebexResource,
  | 'messages'
  | 'memberships'
  | 'rooms'
  | 'tabs'
  | 'attachmentActions'
  | 'files'
  | 'file_transcodings'
  | 'meetings'
  | 'meetingTranscripts'
  | 'meetingMessages'
  | 'call_records'
  | 'businessTexts'
  | 'convergedRecordings'
>(true)

const base = { id: 'e', actorId: 'ada', created: '2026-03-01T10:00:00.000Z' }

describe('An event', () => {
  it('is told apart by its resource and type, also one that has no type here', () => {
    const event = eventOf({ ...base, resource: 'teams', type: 'archived', data: {} })
    assert.equal(isEvent(event, 'teams'), true)
    assert.equal(isEvent(event, 'teams', 'archived'), true)
    assert.equal(isEvent(event, 'teams', 'created'), false)
    assert.equal(isEvent(event, 'messages'), false)
  })

  it('always has data, and keeps what it has', () => {
    for (const more of [{}, { data: null }]) {
      const event = eventOf({ ...base, resource: 'rooms', type: 'updated', appId: null, ...more })
      assert.deepEqual(event, {
        ...base,
        resource: 'rooms',
        type: 'updated',
        appId: null,
        data: {},
      })
    }
    const odd = { ...base, data: { isCallAnswered: true, mood: 'calm' }, errors: [], x: 1 }
    assert.equal(eventOf(odd), odd)
  })
})

describe('A text that stands for a boolean', () => {
  const cases: [unknown, boolean | undefined][] = [
    ['true', true],
    ['yes', true],
    [true, true],
    ['False', false],
    ['no', false],
    [false, false],
    ['', undefined],
    ['1', undefined],
    [undefined, undefined],
    [null, undefined],
  ]
  for (const [value, wanted] of cases) {
    it(`${JSON.stringify(value)} is ${wanted}`, () => assert.equal(booleanOf(value), wanted))
  }
})
