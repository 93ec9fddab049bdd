import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  isProblem,
  type CloudEvent,
  type Eventwell,
  type EventInput,
  type EventReceipt,
  type EventRejection,
  type Interval,
  type ProblemError,
  type StreamAnswer,
} from '@eventwell/client'

// What the compiler must know of the client. It is held when this file type-checks.

type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false
type Accepts<Wanted, Given> = Given extends Wanted ? true : false

/** Does not compile unless a claim of the compiler is `true`. */
function holds<_ extends true>(): void {
  assert.ok(true)
}

/** An event of a program's own: an interface has no index signature. */
interface OrderPaid {
  source: string
  type: 'order.paid'
  data: { total: number }
  traceid: string
}

const overloads = (client: Eventwell, event: EventInput) => ({
  one: () => client.append(event),
  all: () => client.append([event]),
  each: () => client.append([event], { mode: 'each' }),
  own: (paid: OrderPaid) => client.append(paid),
  extended: () => client.append({ source: '/s', type: 't', traceid: 'x' }),
  manyOwn: (paid: OrderPaid, read: CloudEvent) => client.append([paid, read]),
  every: (paid: OrderPaid) => client.appendEach([paid]),
  of: () => client.get({ source: '/s', id: '1' }),
  at: () => client.get('0000000000000001'),
})
type Overloads = ReturnType<typeof overloads>

describe('the types of the client', () => {
  it('tell one event from many, and all or none from what can be taken', () => {
    holds<Same<Awaited<ReturnType<Overloads['one']>>, EventReceipt>>()
    holds<Same<Awaited<ReturnType<Overloads['all']>>, EventReceipt[]>>()
    holds<Same<Awaited<ReturnType<Overloads['each']>>, (EventReceipt | EventRejection)[]>>()
    holds<Same<Awaited<ReturnType<Overloads['own']>>, EventReceipt>>()
    holds<Same<Awaited<ReturnType<Overloads['extended']>>, EventReceipt>>()
    holds<Same<Awaited<ReturnType<Overloads['manyOwn']>>, EventReceipt[]>>()
    holds<Same<Awaited<ReturnType<Overloads['every']>>, StreamAnswer>>()
    holds<Same<Awaited<ReturnType<Overloads['of']>>, CloudEvent | undefined>>()
    holds<Same<Awaited<ReturnType<Overloads['at']>>, CloudEvent | undefined>>()
  })

  it('take an event without what the client adds, and not without what it cannot know', () => {
    holds<Accepts<EventInput, { source: string; type: string }>>()
    holds<Accepts<EventInput, { source: string; type: string; time: Date; mine: number }>>()
    holds<Accepts<EventInput, CloudEvent>>()
    holds<Accepts<EventInput, OrderPaid>>()
    holds<Same<Accepts<EventInput, { source: string }>, false>>()
    holds<Same<Accepts<EventInput, { source: string; type: string; id: number }>, false>>()
  })

  it('know how an interval is spelled, and an outcome', () => {
    holds<Accepts<Interval, '5m' | '1d'>>()
    holds<Same<Accepts<Interval, '1w'>, false>>()
    holds<Same<EventReceipt['outcome'], 'created' | 'exists' | 'conflict'>>()
  })

  it('narrow an error by its code, and leave the others', () => {
    const narrowed = (error: ProblemError) =>
      isProblem(error, 'conflict') ? error.code : undefined
    const others = (error: ProblemError) =>
      isProblem(error, 'conflict') ? undefined : error.problem
    holds<Same<ReturnType<typeof narrowed>, 'conflict' | undefined>>()
    holds<Same<ReturnType<typeof others>, ProblemError['problem'] | undefined>>()
  })
})
