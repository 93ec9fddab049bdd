import {
  isHttpError,
  isNetworkError,
  isSpeakeasyError,
  Speakeasy,
  type CliEvent,
} from '@eventwell/client/speakeasy'
import { replayFetch, type Recorded } from '../support/replay.ts'
import { equal, fails } from './assert.ts'
import type { Check, World } from './world.ts'

function anEvent(id: string, more: Partial<CliEvent> = {}): CliEvent {
  return {
    id,
    executionId: 'x-1',
    workspaceId: 'ws',
    speakeasyApiKeyName: '',
    interactionType: 'CLI_EXEC',
    localStartedAt: new Date('2025-04-02T07:15:00.250Z'),
    createdAt: new Date('2025-04-02T07:15:00.251Z'),
    speakeasyVersion: '1.542.3',
    success: false,
    ...more,
  }
}

/** A client of a workspace that is asked for by its key, as the vendor's own tools ask. */
async function connect({ url, keys }: World, name: string): Promise<Speakeasy> {
  const bearer = keys[name] ?? ''
  const headers = { authorization: `Bearer ${bearer}` }
  const response = await fetch(`${url}/v1/auth/validate`, { headers })
  const { workspace_id: workspaceId } = (await response.json()) as { workspace_id: string }
  return new Speakeasy({ serverUrl: url, security: { bearer }, workspaceId })
}

function replaying(answers: readonly Recorded[], retriesMax: number) {
  const { fetch, requests } = replayFetch(answers)
  const client = new Speakeasy({
    serverUrl: 'https://speakeasy.example/prefix',
    security: { apiKey: 'sesame' },
    workspaceId: 'ws /ü',
    fetch,
    retry: { retriesMax, firstDelayMs: 1, delayMsMax: 1, retryAfterMsMax: 1 },
  })
  return { events: client.events, requests }
}

/** The checks of Speakeasy's client. */
export const speakeasyChecks: readonly Check[] = [
  {
    name: 'speakeasy: what is posted is found, once, as it was',
    async run(world) {
      const { events } = await connect(world, this.name)
      const completed = anEvent('e-1', {
        success: true,
        durationMs: 12_750,
        error: 'ünïcödé 🍐',
        extra: { new_field: [1] },
      })
      await events.post([anEvent('e-1'), anEvent('e-2', { createdAt: new Date(0) })])
      await events.post([completed])
      equal(await events.search({ success: true, limit: 5 }), [completed])
      equal(
        (await events.search()).map(({ id }) => id),
        ['e-1', 'e-2'],
      )
    },
  },
  {
    name: 'speakeasy: targets and their events',
    async run(world) {
      const { events } = await connect(world, this.name)
      const event = anEvent('e-1', { generateGenLockId: 'lock', generateTarget: 'go' })
      await events.post([event])
      equal(await events.getEventsByTarget('lock'), [event])
      const [target, ...others] = await events.getTargets()
      equal([target?.id, target?.lastEventCreatedAt, others], ['lock', event.createdAt, []])
      equal(await events.getTargetsDeprecated(), await events.getTargets())
      equal(await events.getTargets({ afterLastEventCreatedAt: event.createdAt }), [])
    },
  },
  {
    name: 'speakeasy: a refusal has what the server says',
    async run({ url }) {
      const security = { apiKey: 'no-such-key' }
      const { events } = new Speakeasy({ serverUrl: url, security, workspaceId: 'any' })
      await fails(events.search(), (error) => isSpeakeasyError(error) && error.statusCode === 401)
    },
  },
  {
    name: 'speakeasy: a post is sent again after what may pass, with the same body',
    async run() {
      const { events, requests } = replaying(
        [
          { status: 503, headers: { 'retry-after': '5' } },
          { status: 200, isBroken: true },
          { status: 200 },
        ],
        2,
      )
      await events.post([anEvent('e-1')])
      equal(new Set(requests.map(({ body }) => body)).size, 1)
      equal(
        requests.map(({ method, path }) => `${method} ${path}`),
        Array.from({ length: 3 }, () => 'POST /prefix/v1/workspace/ws%20%2F%C3%BC/events'),
      )
      equal(requests[0]?.headers['x-api-key'], 'sesame')
      equal(requests[0]?.headers['content-type'], 'application/json')
    },
  },
  {
    name: 'speakeasy: other refusals are errors at once, and show no key',
    async run() {
      const body = { message: 'slow down', status_code: 429 }
      const { events, requests } = replaying([{ status: 429, body }, { status: 400 }], 5)
      await fails(
        events.post([anEvent('e-1')]),
        (error) =>
          isSpeakeasyError(error) &&
          error.detail === 'slow down' &&
          !/sesame/.test(`${error.stack}`),
      )
      await fails(
        events.post([anEvent('e-1')]),
        (error) => isHttpError(error) && !isSpeakeasyError(error) && error.status === 400,
      )
      equal(requests.length, 2)
    },
  },
  {
    name: 'speakeasy: a broken connection is a NetworkError',
    async run() {
      const { events } = replaying([{ status: 200, isBroken: true }], 0)
      await fails(events.search(), isNetworkError)
    },
  },
]
