import type { IncomingHttpHeaders } from 'node:http'
import type { NewEvent, Trace } from '../../../core/event.ts'

const stateCharsMax = 512
const parentPattern =
  /^(?!ff)([0-9a-f]{2})-((?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2})(-.*)?$/

/**
 * The trace that a request belongs to (W3C Trace Context); undefined when it says none, or none that is
 * valid.
 */
export function traceOf(headers: IncomingHttpHeaders): Trace | undefined {
  const { traceparent, tracestate } = headers
  if (typeof traceparent !== 'string') return undefined
  const [, version, ids, rest] = parentPattern.exec(traceparent.trim()) ?? []
  if (ids === undefined || (version === '00' && rest !== undefined)) return undefined
  // A later version is to be read as the first one.
  return { parent: `00-${ids}`, state: stateOf(tracestate) }
}

function stateOf(header: string | string[] | undefined): string | undefined {
  const text = [header ?? []].flat().join(',').trim()
  return /^[\x20-\x7e]+$/.test(text) && text.length <= stateCharsMax ? text : undefined
}

/** The events with the trace that brought them, but for those that say their own. */
export function withTrace(
  events: readonly NewEvent[],
  trace: Trace | undefined,
): readonly NewEvent[] {
  if (trace === undefined) return events
  return events.map((event) =>
    event.envelope?.['traceparent'] === undefined ? { ...event, trace } : event,
  )
}
