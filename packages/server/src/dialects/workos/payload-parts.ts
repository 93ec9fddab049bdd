import {
  Type,
  type TLiteral,
  type TOptional,
  type TObject,
  type TProperties,
  type TSchema,
} from 'typebox'
import { parseMs } from '../../core/time.ts'

/**
 * An RFC 3339 date-time with a zone, exactly what `parseMs` reads (contract 3.2, `ts`). Python's
 * SDK parses dates: one 30 February costs it the whole page. On Python 3.10 a fraction must
 * have 3 or 6 digits, which is not asked for here. No pattern: that cannot know the calendar, and
 * in a message nobody could read it.
 */
export const time = Type.Refine(
  Type.String(),
  // What is no string at all is the business of the type.
  (value: unknown) => typeof value !== 'string' || parseMs(value) !== undefined,
  () => 'must be an RFC 3339 date-time with a zone',
)

/** Any string. The values of enums are not looked at: they grow every month (contract 3.1). */
export const text = Type.String()

/** An object of whatever keys: attributes, metadata, what was before (contract 3.2, `map`). */
export const map = Type.Record(Type.String(), Type.Unknown())

/** Contract 3.2's `|null`: a key that has to be there and may be null. */
export function nullable(schema: TSchema): TSchema {
  return Type.Union([schema, Type.Null()])
}

/** Contract 3.2's `?`, where clients read null as they read nothing: a key that may be missing or null. */
export function optional(schema: TSchema): TOptional<TSchema> {
  return Type.Optional(nullable(schema))
}

/**
 * A payload that names its family in `object` (contract 3.2). The specification requires the name;
 * Python's SDK, the strictest reader, does without (workos-python 10.2.0).
 */
export function named<Properties extends TProperties>(
  object: string,
  properties: Properties,
): TObject<{ object: TLiteral<string> } & Properties> {
  return Type.Object({ object: Type.Literal(object), ...properties })
}
