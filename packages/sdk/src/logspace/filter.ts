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

/**
 * A filter as HQ wants it.
 * @throws TypeError for a condition without a property, or with nothing to compare; RangeError for a date
 *   that is invalid.
 */
export function filterText(filter: EventFilter): string {
  const elements = filter.map((element, index) => {
    const place = `filter[${index}]`
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
  })
  return JSON.stringify({ elements })
}

function textOf(value: unknown, place: string): string {
  if (Object.prototype.toString.call(value) === '[object Date]') {
    const date = value as Date
    if (Number.isNaN(date.getTime())) throw new RangeError(`${place} has an invalid Date.`)
    return date.toISOString()
  }
  if (['string', 'number', 'bigint', 'boolean'].includes(typeof value)) return String(value)
  throw new TypeError(`${place} has a value that is no text, number, boolean or Date.`)
}
