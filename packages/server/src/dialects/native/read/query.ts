import Type from 'typebox'
import type { CursorQuery } from '../../../core/log.ts'
import { defaultLimits } from '../../../core/limits.ts'
import { afterProperty, oldest } from '../after.ts'
import { consumerProperty } from './consumer-start.ts'
import { fieldsOf, fieldsProperty, type Fields } from './fields.ts'
import { Parameters } from '../parameters.ts'
import { selectionFree, selectionOf, selectionProperties } from '../selection.ts'

const limitDefault = 100

/** What `GET /eventwell/events` takes. */
export const listParameters = new Parameters(
  {
    ...selectionProperties,
    direction: Type.Optional(
      Type.Enum(['forward', 'backward'], {
        description: 'forward (in order of position, the default) or backward.',
      }),
    ),
    after: afterProperty(
      `A cursor; the list goes on from there, in its direction. With ${oldest}, as without it, it begins with ` +
        'the oldest event; going backward, without it, with the newest.',
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: defaultLimits.pageEventsMax,
        description: `The most events to return, 1 to ${defaultLimits.pageEventsMax}; ${limitDefault} if not given.`,
      }),
    ),
    consumer: consumerProperty,
    fields: fieldsProperty,
  },
  selectionFree,
)

/** What a list is asked for. */
export interface ListQuery {
  readonly query: CursorQuery
  /** The consumer whose cursor it begins at. */
  readonly consumer: string | undefined
  readonly fields: Fields | undefined
}

/**
 * The query of `GET /eventwell/events`.
 * @throws EventwellError `invalid_query` naming the parameter; an unknown one is refused, too.
 */
export function decodeList(pairs: URLSearchParams): ListQuery {
  const { values, free } = listParameters.read(pairs)
  const { direction = 'forward', limit = limitDefault, after } = values
  const selection = selectionOf(values, free)
  return {
    query: { ...selection, order: 'position', direction, limit, cursor: after },
    consumer: values.consumer,
    fields: fieldsOf(values.fields),
  }
}
