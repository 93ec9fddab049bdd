import { invalidEvent } from '../../core/errors.ts'
import type { Identity, StoredEvent } from '../../core/event.ts'
import type { JsonObject } from '../../core/json/json.ts'
import { requireText } from '../shared/event-list.ts'

/** The source of every event that comes in by this dialect. */
export const webexSource = 'webex'

/** Whether an id can stand in a path without escaping, as this vendor's ids do (contract 0.8). */
export function isPathSafe(id: string): boolean {
  return /^[A-Za-z0-9_=-]{1,512}$/.test(id)
}

const root = 'ciscospark://eventwell/EVENT/'
// Servers and clients bound the length of a request's head; 16 KiB is Node's bound.
const spelledCharsMax = 2000

/** What an id names that is not one of Webex's own: an identity, or a position. */
export type ForeignEvent = Identity | { readonly position: number }

/**
 * The id under which an event is seen through this dialect. Webex's own keep theirs; every other has
 * its source and id (or, where those are long, its position), spelled as the vendor spells ids:
 * base64url of `ciscospark://…/EVENT/…`.
 */
export function viewId({ source, id, position }: StoredEvent): string {
  if (source === webexSource) return id
  const identity = `${root}${encodeURIComponent(source)}/${encodeURIComponent(id)}`
  const uri = identity.length > spelledCharsMax ? `${root}${position}` : identity
  return Buffer.from(uri).toString('base64url')
}

/** What the id of an event names that is not Webex's own; undefined when it names none. */
export function foreignEvent(id: string): ForeignEvent | undefined {
  const uri = Buffer.from(id, 'base64url').toString()
  if (!uri.startsWith(root)) return undefined
  const [first = '', second, ...rest] = uri.slice(root.length).split('/')
  if (rest.length > 0) return undefined
  if (second === undefined)
    return /^\d{1,15}$/.test(first) ? { position: Number(first) } : undefined
  try {
    return { source: decodeURIComponent(first), id: decodeURIComponent(second) }
  } catch {
    // Not percent-encoded: an id that we did not make.
    return undefined
  }
}

/**
 * The id of an event of this vendor's shape: one that a path can hold, and under which no other event is seen.
 * @throws EventwellError `invalid_event`.
 */
export function requireOwnId(event: JsonObject, index: number): string {
  const id = requireText(event, 'id', index)
  if (!isPathSafe(id)) {
    const message =
      'id must be made of letters, digits, "_", "-" and "=": clients put it in a path.'
    throw invalidEvent(index, 'id', message)
  }
  if (foreignEvent(id) !== undefined) {
    const message = 'id is one that this server gave to another event: it would hide that one.'
    throw invalidEvent(index, 'id', message)
  }
  return id
}

/** An id as the vendor spells it: base64url of `ciscospark://us/<kind>/<uuid>`. */
export function spelledId(kind: string, uuid: string): string {
  return Buffer.from(`ciscospark://us/${kind}/${uuid}`).toString('base64url')
}

/**
 * All spellings of the id of a person or organization: the audit feeds have base64 of the bare UUID where
 * other answers of the vendor's, from which clients take their parameter, have that of the whole address
 * (contract 1.5, 1.8).
 */
export function spellingsOf(id: string, kind: 'ORGANIZATION' | 'PEOPLE'): string[] {
  const decoded = Buffer.from(id, 'base64url').toString()
  const uuid = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\s*$/i.exec(decoded)?.[1]
  const own = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) ? id : uuid
  if (own === undefined) return [id]
  const whole = `ciscospark://us/${kind}/${own}`
  const spelled = [own, whole].flatMap((text) => [
    Buffer.from(text).toString('base64'),
    Buffer.from(text).toString('base64url'),
  ])
  return [...new Set([id, own, ...spelled])]
}
