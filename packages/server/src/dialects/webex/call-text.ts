import type { NewEvent } from '../../core/event.ts'
import { isJsonNumber, parseJson, type JsonObject } from '../../core/json.ts'
import { payloadObject } from '../shared/payload.ts'
import { resources } from './matrix.ts'

const { fields } = resources['call_records']!

/**
 * The payload of a call that another dialect's producer reported, in text. Webex has all of a call's fields as
 * strings, `"true"` and `"192"` too, and leaves out a time without value: one field of another type makes
 * its Go client fail on the whole page (contract 0.7, 3.3).
 */
export function callText(event: NewEvent): string {
  const call = parseJson(payloadObject(event)) as JsonObject
  const shown = Object.entries(call).flatMap(([name, value]) => {
    const kind = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (kind === 'time' && value === '') return []
    const isScalar = typeof value === 'boolean' || isJsonNumber(value)
    return [[name, kind !== undefined && isScalar ? JSON.stringify(value) : value] as const]
  })
  return JSON.stringify(Object.fromEntries(shown))
}
