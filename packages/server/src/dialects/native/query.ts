import Type from 'typebox'
import type { CursorQuery } from '../../core/log.ts'
import { defaultLimits } from '../../core/limits.ts'
import { Parameters } from './parameters.ts'
import { selectionFree, selectionOf, selectionProperties } from './selection.ts'

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
    after: Type.Optional(
      Type.String({ description: 'A cursor; the list goes on from there, in its direction.' }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: defaultLimits.pageEventsMax,
        description: `The most events to return, 1 to ${defaultLimits.pageEventsMax}; ${limitDefault} if not given.`,
      }),
    ),
  },
  selectionFree,
)

/**
 * The query of `GET /eventwell/events`.
 * @throws EventwellError `invalid_query` naming the parameter; an unknown one is refused, too.
 */
export function decodeList(pairs: URLSearchParams): CursorQuery {
  const { values, free } = listParameters.read(pairs)
  const { direction = 'forward', limit = limitDefault, after } = values
  return { ...selectionOf(values, free), order: 'position', direction, limit, cursor: after }
}
