import { dateOf } from '../http/date-of.ts'
import type { StoredCliEvent } from './cli-event.ts'
import {
  cliEventFields,
  cliEventRequired,
  targetFields,
  targetRequired,
  wireName,
  type FieldKind,
} from './fields.ts'
import type { Target } from './target.ts'

type Names = ReadonlyMap<string, readonly [name: string, kind: FieldKind]>

const eventNames = namesOf(cliEventFields)
const targetNames = namesOf(targetFields)

/** The events of an answer. @throws TypeError when it is no array of events; it says where it is none. */
export function decodeEvents(answer: unknown): StoredCliEvent[] {
  // The tables are held to the interfaces, and required fields are looked for.
  return decodeList(answer, eventNames, cliEventRequired) as unknown as StoredCliEvent[]
}

/** The targets of an answer. @throws TypeError when it is no array of targets; it says where it is none. */
export function decodeTargets(answer: unknown): Target[] {
  return decodeList(answer, targetNames, targetRequired) as unknown as Target[]
}

function namesOf(fields: Readonly<Record<string, FieldKind>>): Names {
  return new Map(Object.entries(fields).map(([name, kind]) => [wireName(name), [name, kind]]))
}

function decodeList(answer: unknown, names: Names, required: readonly string[]): object[] {
  if (!Array.isArray(answer)) throw new TypeError('it is no array')
  return answer.map((value: unknown, index) => {
    if (typeof value !== 'object' || value === null) throw new TypeError(`[${index}] is no object`)
    const decoded = decodeOne(value as Record<string, unknown>, names)
    const missing = required.find((name) => !Object.hasOwn(decoded, name))
    if (missing === undefined) return decoded
    throw new TypeError(`[${index}] has no ${wireName(missing)}, or one that is not of its type`)
  })
}

function decodeOne(value: Readonly<Record<string, unknown>>, names: Names): object {
  const members: [string, unknown][] = []
  const extra: [string, unknown][] = []
  for (const [wire, one] of Object.entries(value)) {
    const [name, kind] = names.get(wire) ?? []
    const decoded = kind === undefined ? undefined : decodeValue(one, kind)
    if (decoded !== undefined) members.push([name!, decoded])
    // The null of a field that is known says no more than its absence.
    else if (kind === undefined || one !== null) extra.push([wire, one])
  }
  if (extra.length > 0) members.push(['extra', Object.fromEntries(extra)])
  return Object.fromEntries(members)
}

/** `undefined` for a value that is not of its kind. */
function decodeValue(value: unknown, kind: FieldKind): unknown {
  switch (kind) {
    case 'time':
      return typeof value === 'string' ? dateOf(value) : undefined
    case 'whole':
      return Number.isSafeInteger(value) ? value : undefined
    case 'truth':
      return typeof value === 'boolean' ? value : undefined
    default:
      // Values that were added to a list since are texts, too.
      return typeof value === 'string' ? value : undefined
  }
}
