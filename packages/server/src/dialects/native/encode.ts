import type { AppendAnswer, EventReceipt } from '@eventwell/client'
import type { NewEvent, Receipt, StoredEvent } from '../../core/event.ts'
import type { CursorPage } from '../../core/log.ts'
import { formatMs } from '../../core/time.ts'
import { vendorRoutes } from './vendor-sources.ts'
import { membersText } from '../shared/payload.ts'

const sequenceDigits = 16

/** The body of a list. */
export function encodePage({ events, cursor, more }: CursorPage): string {
  const list = events.map(encodeEvent).join(',')
  return `{"events":[${list}],"cursor":${JSON.stringify(cursor)},"more":${more}}`
}

/**
 * An event as a CloudEvent. `sequence` and `recordedtime` are ours where the producer sent none. What a
 * vendor's envelope holds beyond CloudEvents' attributes is one extension, `envelope`, as JSON text.
 */
export function encodeEvent(event: StoredEvent): string {
  const { source, id, type, subject, time, actor, organization, envelope, data } = event
  const isVendors = vendorRoutes.has(source)
  const attributes = {
    specversion: '1.0',
    id,
    source,
    type,
    subject,
    time,
    authid: actor,
    organization,
    sequence: sequenceOf(event.position),
    recordedtime: formatMs(event.receivedAtMs),
    ...(isVendors ? envelope && { envelope: JSON.stringify(envelope) } : envelope),
  }
  return `{${membersText(attributes).slice(1)}${data === undefined ? '' : `,"data":${data}`}}`
}

/** The answer to an append. */
export function encodeReceipts(
  events: readonly NewEvent[],
  receipts: readonly Receipt[],
): AppendAnswer {
  return {
    events: receipts.map(({ outcome, position }, index) => ({
      id: events[index]!.id,
      source: events[index]!.source,
      outcome: outcome as EventReceipt['outcome'],
      sequence: sequenceOf(position),
    })),
  }
}

/** A position as text that sorts as it counts. */
function sequenceOf(position: number): string {
  return String(position).padStart(sequenceDigits, '0')
}
