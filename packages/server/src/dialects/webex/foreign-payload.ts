import type { NewEvent } from '../../core/event.ts'
import { parseJson, type JsonObject } from '../../core/json/json.ts'
import { payloadObject } from '../shared/payload.ts'
import { foldCase } from './decode.ts'
import { resources } from './matrix.ts'

const calls = resources['call_records']!.fields

// The vendor's documents describe one object for the data of all resources (contract 3.2), and its Go client
// decodes every event into that: these members are strings there. It compares names without regard to case.
const textNames = new Set(
  `id roomId roomType orgId text personId personEmail created type meetingId creatorId transcriptionEnabled
  recordingEnabled hasPostMeetingsChat breakoutSessionId ${Object.keys(calls).join(' ')}`
    .toLowerCase()
    .split(/\s+/),
)

/**
 * The payload of an event that came by another door, as Webex's clients can read it. One member of another
 * type than they know makes a strict client fail on the whole page (contract 3.3), so what they know
 * as text is text, `"true"` and `"192"` too; and a call's time without a value is left out.
 */
export function foreignPayload(event: NewEvent, resource: string): string {
  const payload = parseJson(payloadObject(event)) as JsonObject
  const members = Object.entries(payload).flatMap(([name, value]) => {
    const isEmptyTime = resource === 'call_records' && value === '' && calls[name] === 'time'
    if (isEmptyTime) return []
    const isText = typeof value === 'string' || value === null
    const mustBeText = textNames.has(foldCase(name))
    return [[name, mustBeText && !isText ? JSON.stringify(value) : value] as const]
  })
  return JSON.stringify(Object.fromEntries(members))
}
