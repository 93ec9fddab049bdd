import type { NewEvent, StoredEvent } from '../../../core/event.ts'
import { decodeEvents } from '../decode.ts'
import { listTargets, type Targets } from '../targets.ts'
import { lastingFields, runFields } from '../target-fields.ts'
import type { Sent } from './door.ts'

/** Events as they are read from a request: what a test leaves undefined is not there. */
export function received(events: readonly Sent[]): NewEvent[] {
  return decodeEvents(JSON.parse(JSON.stringify(events)))
}

/** Events as they stand in a log, in this order. */
export function stored(events: readonly Sent[]): StoredEvent[] {
  return received(events).map((event, index) => {
    return Object.assign(event, { position: index + 1, receivedAtMs: 0 })
  })
}

/** The answer that targets make, as a client reads it. */
export function answerOf(targets: Targets): Sent[] {
  return JSON.parse(JSON.stringify(listTargets(targets))) as Sent[]
}

/**
 * The targets of the events that a log holds, derived in the plainest way: for each field, go from the
 * newest event to the oldest. Times must be UTC and of one length.
 */
export function naiveTargets(events: readonly StoredEvent[]): Sent[] {
  const newestFirst = events
    .toSorted((one, other) => other.position - one.position)
    .map(({ data }) => JSON.parse(data!) as Sent)
    .toSorted((one, other) => compare(other['created_at'], one['created_at']))
  const ids = new Set(newestFirst.map((event) => event['generate_gen_lock_id']))
  return [...ids]
    .filter((id) => typeof id === 'string' && id !== '')
    .map((id) => naiveTarget(newestFirst.filter((event) => event['generate_gen_lock_id'] === id)))
    .filter((target) => 'generate_target' in target)
    .toSorted((one, other) => {
      const byTime = compare(other['last_event_created_at'], one['last_event_created_at'])
      return byTime === 0 ? compare(one['id'], other['id']) : byTime
    })
}

function naiveTarget(events: readonly Sent[]): Sent {
  const [last] = events
  const run = events.find((event) => event['interaction_type'] !== 'TOMBSTONE')
  const published = events.filter((event) => event['interaction_type'] === 'PUBLISH')
  const publish = published.find((event) => event['success'] === true) ?? published[0]
  const target: Sent = {
    id: last!['generate_gen_lock_id'],
    generate_gen_lock_id: last!['generate_gen_lock_id'],
    last_event_id: last!['id'],
    last_event_created_at: last!['created_at'],
    last_event_interaction_type: last!['interaction_type'],
    last_publish_created_at: publish?.['created_at'],
    last_publish_gh_action_run_link: publish?.['gh_action_run_link'],
  }
  for (const name of runFields) target[name] = run?.[name]
  target['success'] ??= last!['success']
  for (const name of lastingFields) {
    target[name] = events.find((event) => (event[name] ?? undefined) !== undefined)?.[name]
  }
  const given = Object.entries(target).filter(([, value]) => (value ?? undefined) !== undefined)
  return Object.fromEntries(given)
}

function compare(one: unknown, other: unknown): number {
  if (one === other) return 0
  return (one as string) < (other as string) ? -1 : 1
}
