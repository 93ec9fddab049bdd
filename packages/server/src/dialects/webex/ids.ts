import type { Identity, StoredEvent } from '../../core/event.ts'

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
