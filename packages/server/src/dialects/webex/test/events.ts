import assert from 'node:assert/strict'
import type { MemoryApp } from '../../../../test/support/memory-app.ts'

/** A Webex event as it is on the wire. */
export interface WireEvent {
  readonly id: string
  readonly resource: string
  readonly type: string
  readonly actorId: string
  readonly created: string
  readonly data: Readonly<Record<string, unknown>>
}

/** A page as a client sees it. */
export interface SeenPage<Item = WireEvent> {
  readonly items: readonly Item[]
  /** The address in the one `Link` header; undefined on the last page. */
  readonly next: URL | undefined
}

/** The time of the first event of a test. */
export const startMs = Date.UTC(2026, 2, 1, 10)

/** An id as Webex spells it. */
export function idOf(kind: string, n: number): string {
  const uuid = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
  return Buffer.from(`ciscospark://us/${kind}/${uuid}`).toString('base64url')
}

/** The nth event of a test, each a second after the one before. */
export function eventAt(n: number, fields: Partial<WireEvent> = {}): WireEvent {
  return {
    id: idOf('EVENT', n),
    resource: 'messages',
    type: 'created',
    actorId: idOf('PEOPLE', 1),
    created: new Date(startMs + n * 1000).toISOString(),
    data: { id: idOf('MESSAGE', n), roomType: 'group', text: `message ${n}` },
    ...fields,
  }
}

/** One page; its `Link` header must be as naive clients read it (contract 1.7), if there is one. */
export async function pageOf<Item = WireEvent>(
  app: MemoryApp,
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<SeenPage<Item>> {
  const answer = await app.get(url, headers)
  assert.equal(answer.statusCode, 200, answer.body)
  const { items } = answer.json<{ items: readonly Item[] }>()
  const { link } = answer.headers
  if (link === undefined) return { items, next: undefined }
  const address = /^<(https?:\/\/[^;,> ]+)>; rel="next"$/.exec(String(link))?.[1]
  assert.ok(address !== undefined, String(link))
  return { items, next: new URL(address) }
}

/** All pages, by following the links. */
export async function walk<Item = WireEvent>(app: MemoryApp, url: string): Promise<Item[]> {
  const items: Item[] = []
  for (let path: string | undefined = url; path !== undefined;) {
    const page: SeenPage<Item> = await pageOf<Item>(app, path)
    items.push(...page.items)
    path = page.next === undefined ? undefined : page.next.pathname + page.next.search
  }
  return items
}
