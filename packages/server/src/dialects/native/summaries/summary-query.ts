import type { Summarized } from '@eventwell/client'
import Type from 'typebox'
import { invalidQuery } from '../../../core/errors.ts'
import { standardFacets } from '../../../core/event.ts'
import type { EventLog } from '../../../core/log.ts'
import type { Buckets, Summary, SummaryRow } from '../../../core/summary.ts'
import { tooCostly } from '../../../core/patience.ts'
import { formatMs, parseMs } from '../../../core/time.ts'
import { afterProperty, cursorOf, oldest } from '../after.ts'

/** Milliseconds of a day. */
const dayMs = 86_400_000
// Nobody looks at more, and others wait while they are spelled.
const rowsMax = 25_000
const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: dayMs } as const
const intervalMsMax = 3650 * dayMs
// The first moment that an event's time can be, and that RFC 3339 can spell.
const earliestMs = parseMs('0001-01-01T00:00:00.000Z')!

/** What the parameter `interval` means. */
export const intervalMeaning =
  'The length of a stretch of time: a number and s, m, h or d, such as 5m, from 1s to 3650d. Stretches ' +
  'begin at whole multiples of it since 1970, in UTC.'

/** The parameter that groups by a facet. */
export const byProperty = Type.Optional(
  Type.String({
    description:
      `The facet by whose values events are grouped: ${standardFacets.join(', ')}, or facet.<name>. ` +
      'Events that do not have it are left out.',
  }),
)

/** The parameter that goes on from where an earlier answer ended. */
export const afterSummaryProperty = afterProperty(
  `A cursor; only events behind it are counted. Without it, or with ${oldest}, all are.`,
)

/**
 * The stretches of time that the parameter `interval` stands for.
 * @throws EventwellError `invalid_query`.
 */
export function bucketsOf(interval: string): Buckets {
  const [, number, unit] = /^(\d{1,9})([smhd])$/.exec(interval) ?? []
  const stepMs = Number(number) * unitMs[unit as keyof typeof unitMs]
  if (stepMs >= 1000 && stepMs <= intervalMsMax) {
    return { startMs: Math.floor(earliestMs / stepMs) * stepMs, stepMs, count: Infinity }
  }
  const message = 'interval must be a number and s, m, h or d, such as 5m, from 1s to 3650d.'
  throw invalidQuery('interval', message)
}

/** When a stretch begins: RFC 3339. The one that the first moment lies in begins with it. */
export function bucketStart({ startMs, stepMs }: Buckets, bucket: number): string {
  return formatMs(Math.max(startMs + bucket * stepMs, earliestMs))
}

/**
 * The name of the facet that the parameter `by` means.
 * @throws EventwellError `invalid_query`.
 */
export function facetNameOf(by: string): string {
  if ((standardFacets as readonly string[]).includes(by)) return by
  if (/^facet\../s.test(by)) return by.slice('facet.'.length)
  throw invalidQuery('by', `by must be one of ${standardFacets.join(', ')}, or facet.<name>.`)
}

/** Sorts what was counted: the most events first, then by the facet's value. */
export function byCount(one: Counted, other: Counted): number {
  const [first, second] = [nameOf(one), nameOf(other)]
  return other.count - one.count || (first < second ? -1 : Number(first > second))
}

interface Counted {
  readonly count: number
  readonly value?: string | undefined
  readonly group?: string | undefined
}

function nameOf({ value, group }: Counted): string {
  return value ?? group ?? ''
}

/** What a summary found, and how far it looked. */
export interface Found extends Summarized {
  readonly rows: readonly SummaryRow[]
}

/** Refuses an answer of very many rows. @throws EventwellError `too_costly`. */
export function checkRows(found: Found): Found {
  if (found.rows.length <= rowsMax) return found
  throw tooCostly(`has more than ${rowsMax} rows (groups times stretches of time)`)
}

/**
 * What a summary finds in the events behind a cursor, in all of them without one.
 * @throws EventwellError `invalid_cursor`, `too_costly`, `busy`.
 */
export async function summarize(
  log: EventLog,
  workspace: string,
  { summary, after }: { readonly summary: Summary; readonly after: string | undefined },
  signal: AbortSignal,
): Promise<Found> {
  const cursorBefore = cursorOf(after)
  const position = cursorBefore === undefined ? 0 : await log.positionOf(workspace, cursorBefore)
  const { rows, next, head } = await log.summarizeSome(workspace, summary, position, signal)
  const cursor = await log.cursorAt(workspace, next ?? head)
  return { rows, cursor, complete: next === undefined }
}
