import type { JsonObject } from '../../core/json/json.ts'
import { shown } from '../shared/event-list.ts'
import { badValue } from './refusals.ts'

/** Refuses fields that are not known here: one that is misspelled would silently select everything. */
export function checkNames(object: JsonObject, known: readonly string[], place: string): void {
  const other = Object.keys(object).find((name) => !known.includes(name))
  if (other === undefined) return
  throw badValue(place, `${place} has no field ${shown(other)}; it may have ${known.join(', ')}.`)
}
