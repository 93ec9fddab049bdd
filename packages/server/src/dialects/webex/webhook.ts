import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { NewEvent } from '../../core/event.ts'
import { isJsonObject, type JsonObject } from '../../core/json/json.ts'
import type { Settings } from '../../core/settings.ts'
import { parseMs } from '../../core/time.ts'
import { bodyBytes } from '../shared/body.ts'
import {
  facetText,
  optionalName,
  otherFields,
  requireObject,
  requireText,
} from '../shared/event-list.ts'
import { invalidSignature, requireSecrets, workspaceOf } from '../shared/webhook.ts'
import { requireVerb } from './decode.ts'
import { spelledId, webexSource } from './ids.ts'

const header = 'x-spark-signature'
const placedFields = new Set(['resource', 'event', 'actorId', 'orgId', 'data'])

/** How long after a delivery the same words mean the same event. */
export const soonMs = 600_000

/** A delivery as an event, and the id that it had if it was delivered shortly before. */
export interface Delivery {
  readonly event: NewEvent
  readonly earlierId: string | undefined
}

/**
 * Refuses, before its body is read, a delivery that cannot be Webex's.
 * @throws EventwellError `invalid_signature`.
 */
export function checkDelivery(settings: Settings, { headers }: FastifyRequest): void {
  requireSecrets(settings, 'webex')
  if (headers[header] !== undefined) return
  throw invalidSignature('The header X-Spark-Signature is missing: give the webhook a secret.')
}

/**
 * The workspace for which a delivery is (contract section 5).
 * @throws EventwellError `invalid_signature`.
 */
export function workspaceOfDelivery(settings: Settings, request: FastifyRequest): string {
  const given = [request.headers[header] ?? []].flat()
  const signature = { algorithm: 'sha1', prefix: '', given } as const
  return workspaceOf(signature, bodyBytes(request), settings, 'webex')
}

/**
 * A delivery as an event: its `event` is an event's `type`, and what describes the hook is kept under `webhook`.
 * A delivery has neither an id nor a time of its own. So its id is made of what it says, the hook left out:
 * overlapping hooks and repeats tell of one event.
 * @throws EventwellError `invalid_event` naming the field.
 */
export function decodeDelivery(delivery: JsonObject, nowMs: number): Delivery {
  const resource = requireText(delivery, 'resource', 0)
  const action = requireVerb(delivery, 'event', 0)
  const data = requireObject(delivery, 'data', 0)
  const actor = optionalName(delivery, 'actorId', 0)
  const organization = optionalName(delivery, 'orgId', 0)
  const said = JSON.stringify([resource, action, actor, organization, data], inOrder)
  const time = timeOf(data, action)
  // What was created at one time was created once. Anything else can happen again in the same words (a person
  // who leaves a room twice has one membership id), so it is the same only when it comes again soon.
  const period = action === 'created' && time !== undefined ? undefined : Math.floor(nowMs / soonMs)
  const event: NewEvent = {
    source: webexSource,
    id: idOf(said, period),
    type: `${resource}.${action}`,
    subject: facetText(data['id']),
    time,
    actor,
    organization,
    envelope: { webhook: otherFields(delivery, placedFields) ?? {} },
    data: JSON.stringify(data),
  }
  return { event, earlierId: period === undefined ? undefined : idOf(said, period - 1) }
}

/** For JSON in which members stand in the order of their names: a repeat may have another. */
function inOrder(_name: string, value: unknown): unknown {
  if (!isJsonObject(value)) return value
  const members = Object.entries(value)
  return Object.fromEntries(members.toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

/** When it happened, where the data say so; the time at the top of a delivery is the hook's own. */
function timeOf(data: JsonObject, action: string): string | undefined {
  const time = action === 'created' || action === 'updated' ? data[action] : undefined
  return typeof time === 'string' && parseMs(time) !== undefined ? time : undefined
}

/** An id in the vendor's spelling: a UUID of version 8, made of a hash. */
function idOf(said: string, period: number | undefined): string {
  const hash = createHash('sha256')
    .update(`${said}@${period ?? ''}`)
    .digest('hex')
  const parts = [hash.slice(0, 8), hash.slice(8, 12), `8${hash.slice(13, 16)}`]
  return spelledId('EVENT', [...parts, `8${hash.slice(17, 20)}`, hash.slice(20, 32)].join('-'))
}
