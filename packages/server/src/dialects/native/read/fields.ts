import Type from 'typebox'
import { invalidQuery } from '../../../core/errors.ts'
import type { StoredEvent } from '../../../core/event.ts'
import { attributesOf, encodeEvent, objectText } from '../encode.ts'

const namesMax = 100

/** The parameter that chooses what of each event is given. */
export const fieldsProperty = Type.Optional(
  Type.String({
    description:
      'The attributes that are wanted, joined by commas, such as id,type,data: of each event only these are ' +
      'given, where it has them. Without it, all are.',
  }),
)

/** The attributes that are wanted. */
export type Fields = ReadonlySet<string>

/**
 * The attributes that the parameter `fields` names; undefined when all are wanted.
 * @throws EventwellError `invalid_query`.
 */
export function fieldsOf(text: string | undefined): Fields | undefined {
  if (text === undefined) return undefined
  const names = text.split(',')
  const wrong = names.find((name) => !/^[a-z0-9_]{1,64}$/.test(name))
  if (wrong !== undefined) {
    const message =
      'fields must be names of attributes joined by commas, such as id,type,data: ' +
      `lower-case letters and digits, not "${wrong.slice(0, namesMax)}".`
    throw invalidQuery('fields', message)
  }
  if (names.length <= namesMax) return new Set(names)
  throw invalidQuery('fields', `fields may name at most ${namesMax} attributes.`)
}

/** An event as a CloudEvent, with the attributes that are wanted. */
export function encodeFields(event: StoredEvent, fields: Fields | undefined): string {
  if (fields === undefined) return encodeEvent(event)
  const wanted = Object.entries(attributesOf(event)).filter(([name]) => fields.has(name))
  return objectText(Object.fromEntries(wanted), fields.has('data') ? event.data : undefined)
}
