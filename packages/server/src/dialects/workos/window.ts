import { invalidQuery } from '../../core/errors.ts'
import { instantOfMs } from '../../core/time.ts'
import { dayMs, narrowed } from '../shared/window.ts'
import type { ListRequest } from './query.ts'
import type { WorkosSettings } from './settings.ts'

/**
 * The request with its range within what is set for a workspace: how far back, and how long. Pagers send the
 * range of their first page again with every cursor (contract trap 5), while the window moves on: there it
 * is narrowed instead of refused.
 * @throws EventwellError `invalid_query` where a first page reaches further.
 */
export function withinWindow(
  request: ListRequest,
  { windowDays, spanDays }: WorkosSettings,
  nowMs: number,
): ListRequest {
  const { from, isBeyond } = narrowed(request.from, windowDays, nowMs)
  const isFirst = request.after === undefined && request.before === undefined
  if (isFirst && isBeyond) {
    const message = `range_start may lie at most ${String(windowDays)} days back.`
    throw invalidQuery('range_start', message)
  }
  if (isFirst && spanDays !== undefined && request.from !== undefined) {
    const until = request.until ?? instantOfMs(nowMs)
    if (until - request.from > instantOfMs(spanDays * dayMs)) {
      throw invalidQuery('range_end', `A range may span at most ${spanDays} days.`)
    }
  }
  return { ...request, from }
}
