import assert from 'node:assert/strict'

/** What every version of the client can be asked for. */
export interface ListOptions {
  events?: string[]
  rangeStart?: string
  rangeEnd?: string
  limit?: number
  after?: string
  organizationId?: string
  /** The oldest version does not send it; the live service does not heed it. */
  order?: 'asc' | 'desc'
}

/** An event as the client decodes it. */
export interface SeenEvent {
  readonly id: string
  readonly event: string
  readonly createdAt: string
  readonly data: object
}

/** What every version of the client can do with events; undefined stands for a type it does not know. */
export interface EventsClient {
  listEvents(options: ListOptions): Promise<{
    data: (SeenEvent | undefined)[]
    listMetadata: { after?: string | null }
  }>
}

/** Options with which every version connects. */
export interface ConnectOptions {
  readonly apiHostname: string
  readonly port: number
  readonly https: false
}

/** One version of the vendor's client, and in what it differs from the others. */
export interface Version {
  readonly name: string
  connect(key: string, options: ConnectOptions): EventsClient
  /** What it makes of the payloads of `workos-payloads.ts`; undefined for a type it does not know. */
  readonly shown: Readonly<Record<Known, object | undefined>>
  /** Whether events of unknown types come as they are; older versions give undefined for them. */
  readonly passesUnknownTypes: boolean
  /** Whether it can ask for one organization's events. */
  readonly filtersByOrganization: boolean
}

/** The payloads of `workos-payloads.ts`. */
export type Known = 'user' | 'connection' | 'organization' | 'session'

const pagesMax = 100

/** All pages, read as callers of this client do: until there is no `after`. */
export async function walk(
  client: EventsClient,
  options: ListOptions,
): Promise<(SeenEvent | undefined)[][]> {
  const pages: (SeenEvent | undefined)[][] = []
  let cursor: string | null | undefined
  do {
    const page = await client.listEvents({ ...options, ...(cursor && { after: cursor }) })
    pages.push(page.data)
    assert.ok(pages.length <= pagesMax, 'the pages do not end')
    cursor = page.listMetadata.after
  } while (cursor)
  return pages
}

/** The ids and types alone, to compare what was sent with what was seen. */
export function identities(events: readonly (object | undefined)[]): object[] {
  return events.map((event) => {
    const { id, event: type } = (event ?? {}) as Partial<SeenEvent>
    return { id, type }
  })
}
