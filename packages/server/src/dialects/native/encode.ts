import type { AppendAnswer, EventReceipt } from '@eventwell/client'
import { traceAttributes, type NewEvent, type Receipt, type StoredEvent } from '../../core/event.ts'
import { formatMs } from '../../core/time.ts'
import { vendorRoutes } from './vendor-sources.ts'
import { membersText } from '../shared/payload.ts'

const sequenceDigits = 16

/** The attribute in which an exported event carries the cursor behind it. */
export const cursorAttribute = 'eventwellcursor'

/**
 * An event as a CloudEvent. `sequence` and `recordedtime` are ours where it did not bring some. What a
 * vendor's envelope holds beyond CloudEvents' attributes is one extension, `envelope`, as JSON text.
 */
export function encodeEvent(event: StoredEvent): string {
  return objectText(attributesOf(event), event.data)
}

/** The attributes that `encodeEvent` gives an event: all of it but `data`. */
export function attributesOf(event: StoredEvent): Readonly<Record<string, unknown>> {
  const { source, id, type, subject, time, actor, organization, envelope, stamps } = event
  const isVendors = vendorRoutes.has(source)
  return {
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
    ...stamps,
    ...traceAttributes(event),
    ...(isVendors ? envelope && { envelope: JSON.stringify(envelope) } : envelope),
  }
}

/** A CloudEvent of its attributes and its payload, the JSON text of which is left as it is. */
export function objectText(
  attributes: Readonly<Record<string, unknown>>,
  data: string | undefined,
): string {
  const members = membersText(attributes) + (data === undefined ? '' : `,"data":${data}`)
  return `{${members.slice(1)}}`
}

/** The answer to an append. */
export function encodeReceipts(
  events: readonly NewEvent[],
  receipts: readonly Receipt[],
): AppendAnswer {
  return { events: receipts.map((receipt, index) => encodeReceipt(events[index]!, receipt)) }
}

/** What became of one event; nothing is ever replaced here. */
export function encodeReceipt(event: NewEvent, { outcome, position }: Receipt): EventReceipt {
  const { id, source } = event
  return {
    id,
    source,
    outcome: outcome as EventReceipt['outcome'],
    sequence: sequenceOf(position),
  }
}

/** A position as text that sorts as it counts. */
export function sequenceOf(position: number): string {
  return String(position).padStart(sequenceDigits, '0')
}
