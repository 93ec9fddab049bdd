import { facetOf, instantOf, type StoredEvent } from '../../core/event.ts'
import { parseJson, type JsonObject } from '../../core/json/json.ts'
import type { Instant } from '../../core/time.ts'
import { withZone } from '../shared/lenient-time.ts'
import { lastingFields, runFields } from './target-fields.ts'

/** Fields of a target, by their names in the answer. */
export type Fields = Readonly<Record<string, unknown>>

/**
 * An event as a target sees it: its place in time, and the fields it supplies. A slot is a group of
 * fields that come from one event, the newest that has something for it; so one rule serves all.
 */
export interface Supplier {
  /** The event's id. */
  readonly id: string
  readonly instant: Instant
  readonly position: number
  readonly slots: Map<string, Fields>
}

/** The target that an event belongs to; undefined when it says none by which it could be found. */
export function lockIdOf(event: StoredEvent): string | undefined {
  return facetOf(event, 'generate_gen_lock_id')
}

/** All that an event could supply. */
export function supplierOf(event: StoredEvent): Supplier {
  const { id, position } = event
  return { id, instant: instantOf(event), position, slots: slotsOf(event) }
}

/** Whether the one is newer: by the instant it was created, then by arrival. */
export function isNewer(one: Supplier, other: Supplier): boolean {
  return one.instant === other.instant ? one.position > other.position : one.instant > other.instant
}

/** The characters that fields take, about. */
export function charsOfFields(fields: Fields): number {
  const chars = Object.values(fields).map((value) => (typeof value === 'string' ? value.length : 8))
  return chars.reduce((sum, some) => sum + some, 0)
}

function slotsOf(event: StoredEvent): Map<string, Fields> {
  const sent = parseJson(event.data ?? '{}') as JsonObject
  const lockId = lockIdOf(event)
  const createdAt = withZone(sent['created_at'] as string)
  const slots = new Map<string, Fields>()
  slots.set('last', {
    id: lockId,
    generate_gen_lock_id: lockId,
    last_event_id: event.id,
    last_event_created_at: createdAt,
    last_event_interaction_type: event.type,
    // For a target of tombstones alone: the vendor's CLI reads it without looking.
    success: sent['success'],
  })
  if (event.type !== 'TOMBSTONE') slots.set('run', pick(sent, runFields))
  if (event.type === 'PUBLISH') {
    const link = sent['gh_action_run_link'] ?? undefined
    const fields = {
      last_publish_created_at: createdAt,
      ...(link === undefined ? {} : { last_publish_gh_action_run_link: link }),
    }
    slots.set('publish', fields)
    if (sent['success'] === true) slots.set('successful publish', fields)
  }
  for (const name of lastingFields) {
    const fields = pick(sent, [name])
    if (name in fields) slots.set(name, fields)
  }
  return slots
}

/** The fields that are there; null counts as absent. */
function pick(sent: JsonObject, names: readonly string[]): Fields {
  const given = names.filter((name) => sent[name] !== undefined && sent[name] !== null)
  return Object.fromEntries(given.map((name) => [name, sent[name]]))
}
