import type { NewEvent } from '../../core/event.ts'
import type { Query } from '../../core/query.ts'

/** A small event; whatever matters to a case is given. */
export function anEvent(fields: Partial<NewEvent> & { readonly id: string }): NewEvent {
  return { source: '/test', type: 'thing.made', data: `{"of":"${fields.id}"}`, ...fields }
}

/** A query for the first hundred events in order; whatever matters to a case is given. */
export function aQuery(fields: Partial<Query> = {}): Query {
  return { order: 'position', direction: 'forward', limit: 100, charsMax: 1_000_000, ...fields }
}
