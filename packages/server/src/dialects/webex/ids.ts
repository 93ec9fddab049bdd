import type { NewEvent } from '../../core/event.ts'

/** The source of every event that comes in by this dialect. */
export const webexSource = 'webex'

/** Whether an id can stand in a path without escaping, as this vendor's ids do (contract 0.8). */
export function isPathSafe(id: string): boolean {
  return /^[A-Za-z0-9_=-]{1,512}$/.test(id)
}

/**
 * The id under which an event is seen through this dialect. Webex's own keep theirs; every other has
 * its source and id, spelled as the vendor spells ids: base64url of `ciscospark://…/EVENT/…`.
 */
export function viewId({ source, id }: NewEvent): string {
  if (source === webexSource) return id
  const uri = `ciscospark://eventwell/EVENT/${encodeURIComponent(source)}/${encodeURIComponent(id)}`
  return Buffer.from(uri).toString('base64url')
}

/** The source and id of an event that is not Webex's own; undefined when the id names none. */
export function foreignIdentity(id: string): { source: string; id: string } | undefined {
  const uri = Buffer.from(id, 'base64url').toString()
  const parts = /^ciscospark:\/\/eventwell\/EVENT\/([^/]+)\/([^/]+)$/.exec(uri)
  try {
    return parts === null
      ? undefined
      : { source: decodeURIComponent(parts[1]!), id: decodeURIComponent(parts[2]!) }
  } catch {
    // Not percent-encoded: an id that we did not make.
    return undefined
  }
}
