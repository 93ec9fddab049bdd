import assert from 'node:assert/strict'
import type { CloudEvent, EventPage } from '@eventwell/client'
import type { Workspace } from './test-server.ts'

/** The ways in, by the dialect's name. */
export type Door = 'native' | 'speakeasy' | 'logspace' | 'workos' | 'webex'

interface DoorRequest {
  readonly method: 'POST' | 'PUT'
  readonly path: (workspace: Workspace) => string
  readonly keyHeader: string
  readonly answer: number
}

const bearer = 'authorization'
const requests: Readonly<Record<Door, DoorRequest>> = {
  native: { method: 'POST', path: () => '/eventwell/events', keyHeader: bearer, answer: 200 },
  speakeasy: {
    method: 'POST',
    path: ({ name }) => `/v1/workspace/${name}/events`,
    keyHeader: 'x-api-key',
    answer: 200,
  },
  logspace: {
    method: 'PUT',
    path: () => '/events',
    keyHeader: 'logspace.space-token',
    answer: 202,
  },
  workos: { method: 'POST', path: () => '/workos/events', keyHeader: bearer, answer: 200 },
  webex: { method: 'POST', path: () => '/webex/v1/events', keyHeader: bearer, answer: 200 },
}

/** Offers events of a door's own shape to that door; the status says whether it took them. */
export async function offer(
  door: Door,
  workspace: Workspace,
  events: readonly object[],
): Promise<number> {
  const { method, path, keyHeader } = requests[door]
  const response = await fetch(workspace.url + path(workspace), {
    method,
    headers: {
      'content-type': 'application/json',
      [keyHeader]: keyHeader === bearer ? `Bearer ${workspace.key}` : workspace.key,
    },
    body: JSON.stringify(events),
  })
  await response.arrayBuffer()
  return response.status
}

/** Puts events of a door's own shape in by that door, and fails unless it takes them. */
export async function putIn(
  door: Door,
  workspace: Workspace,
  events: readonly object[],
): Promise<void> {
  assert.equal(await offer(door, workspace, events), requests[door].answer, door)
}

/** The text of an answer to a GET with a bearer key. */
export async function getText(workspace: Workspace, path: string): Promise<string> {
  const response = await fetch(workspace.url + path, {
    headers: { authorization: `Bearer ${workspace.key}` },
  })
  const text = await response.text()
  assert.equal(response.status, 200, text)
  return text
}

/** The JSON of an answer to a GET with a bearer key. */
export async function getJson<T>(workspace: Workspace, path: string): Promise<T> {
  return JSON.parse(await getText(workspace, path)) as T
}

/** The events of one native page, which must be all that the query finds. */
export async function listNative(workspace: Workspace, query = ''): Promise<CloudEvent[]> {
  const page = await getJson<EventPage>(workspace, `/eventwell/events?limit=1000&${query}`)
  assert.equal(page.more, false)
  return page.events
}
