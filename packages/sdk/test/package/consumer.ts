import {
  Eventwell,
  isHttpError,
  isNetworkError,
  isProblem,
  isRequestError,
  isTimeoutError,
  type CloudEvent,
  type EventInput,
  type EventReceipt,
  type EventRejection,
  type NetworkError,
} from '@eventwell/client'
import { isLogspaceError, Logspace, type StoredLogspaceEvent } from '@eventwell/client/logspace'
import { Outbox, type EventIdentity } from '@eventwell/client/outbox'
import {
  Speakeasy,
  type CliEvent,
  type InteractionType,
  type StoredCliEvent,
} from '@eventwell/client/speakeasy'
import {
  isEvent as isWebexEvent,
  isNotFoundError,
  isWebexError,
  Webex,
  type CallRecordData,
  type MessagesEvent,
  type WebexEvent,
} from '@eventwell/client/webex'
import {
  eventNames,
  isEvent,
  isKnownEvent,
  responseLimit,
  verifyWebhook,
  WorkOS,
  type KnownEvent,
  type WorkOSEvent,
} from '@eventwell/client/workos'

// A user's program, compiled against the packed client in a project of its own: it says what the types
// promise. Nothing of it runs.

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Compiles only where both types are the same. */
declare function same<A, B>(...wrong: Equal<A, B> extends true ? [] : [never]): void

/** Compiles only for texts. */
declare function text(value: string | undefined): void

/** An event of a program's own. */
interface OrderPaid {
  source: string
  type: 'order.paid'
  data: { total: number }
}

/** The native client: what is given back follows from what is asked. */
export async function native(): Promise<void> {
  const client = new Eventwell({ url: new URL('http://127.0.0.1:4567'), key: 'k', fetch })
  const event = { source: '/me', type: 'hello.said', time: new Date(), data: { to: 'world' } }
  const one = await client.append(event, { signal: AbortSignal.timeout(1000) })
  const all = await client.append([event], { idempotencyKey: 'k' })
  const each = await client.append([event], { mode: 'each' })
  same<typeof one, EventReceipt>()
  same<typeof all, EventReceipt[]>()
  same<typeof each, (EventReceipt | EventRejection)[]>()
  for (const receipt of each) {
    if (receipt.outcome === 'rejected') text(receipt.reason)
    else text(receipt.sequence)
  }
  for await (const found of client.read({ type: ['a', 'b'], data: { n: 9n } })) {
    same<typeof found, CloudEvent>()
    same<typeof found.data, unknown>()
  }
  const page = await client.list({ from: new Date(0), direction: 'backward', limit: undefined })
  const lost: string | undefined = page.gap?.through
  text(lost)
  const found = await client.get({ source: '/me', id: '1' }, { fields: ['type'] })
  same<typeof found, CloudEvent | undefined>()
  await client.get(one.sequence)
  // A program's own types, extension attributes, and events that were read, all go in.
  const paid: OrderPaid = { source: '/shop', type: 'order.paid', data: { total: 1 } }
  await client.append(paid)
  await client.append([paid, event, ...page.events])
  await client.append({ source: '/me', type: 'hello.said', traceid: 'x' })
  await client.append([
    { ...event, traceid: 'x' },
    { source: '/me', type: 'a', id: '1' },
  ])
  if (found !== undefined) await client.append(found)
  const { created } = await client.appendEach([paid])
  same<typeof created, number>()
  const inputs: readonly EventInput[] = [paid, event]
  await client.append(inputs, { mode: 'each' })
  const lease = await client.consumer('c').lease({ seconds: 60, holder: 'me' })
  await lease.renew({ seconds: 60 })
}

/** Errors: the guards tell them apart, and what is left is what it can be. */
export function told(error: unknown): string {
  if (isProblem(error, 'conflict')) return `${error.code} ${error.problem.detail}`
  if (isHttpError(error)) {
    same<typeof error.status, number>()
    same<typeof error.data, unknown>()
    return isNetworkError(error) || isTimeoutError(error) ? 'never' : String(error.retryAfterMs)
  }
  if (!isRequestError(error)) return 'mine'
  if (isTimeoutError(error)) return `${error.timeoutMs}`
  return isNetworkError(error) ? nothingCame(error) : error.request.url
}

function nothingCame(error: NetworkError): string {
  return String(error.cause)
}

/** WorkOS: names are literals, an event is told by its name, and names to come are not in the way. */
export async function workos(): Promise<void> {
  const client = new WorkOS({ apiKey: 'k', baseUrl: 'http://127.0.0.1:4567', retry: false })
  same<typeof responseLimit, 10>()
  same<typeof eventNames.UserCreated, 'user.created'>()
  // Deprecated, and there.
  same<typeof eventNames.DirectroyGroupUserRemoved, 'dsync.group.user_removed'>()
  same<typeof eventNames.OrganizationMembershipAdded, 'organization_membership.added'>()
  const list = await client.events.listEvents({ events: ['user.created', 'user.deleted'] })
  for (const event of list.data) {
    same<typeof event.event, 'user.created' | 'user.deleted'>()
    text(event.data.email)
  }
  const any = await client.events.listEvents({ events: ['made.up', eventNames.UserCreated] })
  same<(typeof any.data)[number]['event'], 'made.up' | 'user.created'>()
  const event = await verifyWebhook({ payload: '', header: null, secret: ['new', 'old'] })
  same<typeof event, WorkOSEvent>()
  if (isEvent(event, 'dsync.group.user_added')) text(event.data.group.id)
  if (isKnownEvent(event)) names(event)
}

function names(event: KnownEvent): string {
  switch (event.event) {
    case 'connection.activated':
      return event.data.connection_type
    case 'user.created':
      return event.data.email
    default:
      return event.created_at
  }
}

/** Webex: an event is told by its resource. */
export async function webex(): Promise<void> {
  const client = new Webex({ accessToken: async () => 'k', timeoutMs: Infinity })
  const page = await client.events.list({ resource: 'messages', from: new Date(0) })
  same<(typeof page.items)[number], MessagesEvent>()
  for await (const event of client.events.iterate()) {
    same<typeof event, WebexEvent>()
    if (event.resource === 'call_records') same<typeof event.data, CallRecordData>()
    if (isWebexEvent(event, 'messages')) same<typeof event, MessagesEvent>()
    if (isWebexEvent(event, 'messages', 'created')) same<typeof event.type, 'created'>()
  }
  await client.events.get('id').catch((error: unknown) => {
    if (isNotFoundError(error)) same<typeof error.status, 404>()
    else if (isWebexError(error)) text(error.trackingId)
    if (isWebexError(error) && isNotFoundError(error)) text(error.trackingId)
  })
}

/** Logspace: longs are exact. */
export async function logspace(): Promise<void> {
  const client = new Logspace({ hqUrl: 'http://127.0.0.1:4567', spaceToken: 'k' })
  await client.storeEvents([
    {
      id: '1',
      system: 'pear',
      agentId: 'a',
      timestamp: new Date(),
      properties: { longs: { free: 2n ** 62n, used: [1, 2n] }, doubles: { load: NaN } },
    },
  ])
  for await (const event of client.iterateEvents()) {
    same<typeof event, StoredLogspaceEvent>()
    same<typeof event.properties.longs, Readonly<Record<string, readonly bigint[]>>>()
  }
  await client.storeEvents([]).catch((error: unknown) => {
    if (isLogspaceError(error)) text(error.type)
  })
}

/** Speakeasy: what is sent is closed, and what is read is open to values to come. */
export async function speakeasy(): Promise<void> {
  const client = new Speakeasy({ security: { workspaceIdentifier: 'k' }, workspaceId: 'w' })
  same<CliEvent['interactionType'], InteractionType>()
  same<CliEvent['createdAt'], Date>()
  same<CliEvent['durationMs'], number | undefined>()
  const [found] = await client.events.search({ interactionType: 'CI_EXEC', success: false })
  same<typeof found, StoredCliEvent | undefined>()
  if (found?.interactionType === 'TOMBSTONE') text(found.executionId)
  if (found !== undefined) await client.events.getEventsByTarget(found.id)
  const [target] = await client.events.getTargets({ afterLastEventCreatedAt: new Date(0) })
  text(target?.generateTarget)
}

/** The outbox: an event has its identity when it is on disk. */
export async function outbox(): Promise<void> {
  const box = await Outbox.open({ folder: 'outbox', url: 'http://127.0.0.1:4567', key: 'k' })
  const identity = await box.append({ source: '/me', type: 'hello.said' })
  same<typeof identity, EventIdentity>()
  same<typeof box.size.events, number>()
  await box.flush({ signal: AbortSignal.timeout(1000) })
  await box.close()
}
