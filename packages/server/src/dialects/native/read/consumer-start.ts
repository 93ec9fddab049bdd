import Type from 'typebox'
import { committedCursor } from '../../../core/consumers.ts'
import { invalidQuery } from '../../../core/errors.ts'
import type { EventLog } from '../../../core/log.ts'
import { cursorOf, oldest } from '../after.ts'

/** The parameter by which a list begins where a consumer is. */
export const consumerProperty = Type.Optional(
  Type.String({
    description:
      'The name of a consumer: the list begins at its committed cursor, or with the oldest event when it has ' +
      'none. Not together with `after`, nor backward.',
  }),
)

/**
 * The cursor at which a list begins: the one it was given, or the consumer's.
 * @throws EventwellError `invalid_query` when both are given, or a list that begins at a consumer's cursor or
 * with the oldest event goes backward.
 */
export async function startOf(
  log: EventLog,
  workspace: string,
  consumer: string | undefined,
  {
    cursor: after,
    direction,
  }: { readonly cursor?: string | undefined; readonly direction: string },
): Promise<string | undefined> {
  if (after === oldest && direction === 'backward') {
    throw invalidQuery('after', 'after=oldest goes forward: nothing is before the oldest event.')
  }
  if (consumer === undefined) return cursorOf(after)
  if (after !== undefined) {
    throw invalidQuery('consumer', 'consumer and after both say where to begin; give one of them.')
  }
  if (direction === 'backward') {
    throw invalidQuery('consumer', 'consumer goes forward from its cursor; leave direction out.')
  }
  return committedCursor(log, workspace, consumer)
}
