import { checkNames } from '../http/known-names.ts'
import { dateText, isDate } from '../http/moment.ts'
import type { PropertyType } from './event.ts'

/** The name under which Logspace stores a field or a property, `long_property_free_memory` say. */
export type StoredName =
  | 'id'
  | 'space'
  | 'system'
  | 'agent_id'
  | 'global_agent_id'
  | 'type'
  | 'marker'
  | 'parent_id'
  | 'global_id'
  | 'timestamp'
  | 'property_id'
  | `${PropertyType}_property_${string}`

/** One condition on events (contract: HQ's EventFilter). */
export type FilterElement =
  /** It has this value; of a blank one, that it has any. */
  | { readonly property: StoredName; readonly value: FilterValue }
  /** It lies between these, or is one of them; either may be left out. */
  | { readonly property: StoredName; readonly from: FilterValue; readonly to?: FilterValue }
  | { readonly property: StoredName; readonly from?: FilterValue; readonly to: FilterValue }
  /** It has any of these values, or all of them. */
  | {
      readonly property: StoredName
      readonly values: readonly FilterValue[]
      readonly operator: 'OR' | 'AND'
    }

/** A value to compare with, always sent as text. */
export type FilterValue = string | number | bigint | boolean | Date

/** The conditions that events must meet, all of them; none means every event. */
export type EventFilter = readonly FilterElement[]

const members = { property: true, value: true, from: true, to: true, values: true, operator: true }

/**
 * A filter as HQ wants it.
 * @throws TypeError for a condition without a property, with nothing to compare, or with a member that there
 *   is not; RangeError for a `Date` that is no time, or in no year from 1 to 9999.
 */
export function filterText(filter: EventFilter): string {
  if (!Array.isArray(filter)) throw new TypeError('filter must be an array of conditions.')
  const elements = (filter as EventFilter).map((element, n) => spelled(element, `filter[${n}]`))
  return JSON.stringify({ elements })
}

function spelled(element: FilterElement, place: string): object {
  checkNames(place, element, members)
  const { property, value, from, to, values, operator } = element as Partial<
    Record<'property' | 'value' | 'from' | 'to' | 'operator', unknown>
  > & { readonly values?: readonly unknown[] }
  if (typeof property !== 'string' || property === '') {
    throw new TypeError(`${place} must name its property.`)
  }
  if (value !== undefined) return { property, value: textOf(value, place) }
  if (from !== undefined || to !== undefined) {
    return {
      property,
      ...(from !== undefined && { from: textOf(from, place) }),
      ...(to !== undefined && { to: textOf(to, place) }),
    }
  }
  if (!Array.isArray(values) || (operator !== 'OR' && operator !== 'AND')) {
    throw new TypeError(`${place} needs a value, from or to, or values with an operator.`)
  }
  return { property, values: values.map((one) => textOf(one, place)), operator }
}

function textOf(value: unknown, place: string): string {
  if (isDate(value)) return dateText(place, value)
  if (['string', 'number', 'bigint', 'boolean'].includes(typeof value)) return String(value)
  throw new TypeError(`${place} has a value that is no text, number, boolean or Date.`)
}
