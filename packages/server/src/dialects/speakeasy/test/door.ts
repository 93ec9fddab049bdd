import type { FastifyInstance } from 'fastify'
import type { Keys } from '../../../core/access.ts'
import { defaultLimits, type Limits } from '../../../core/limits.ts'
import { EventLog } from '../../../core/log.ts'
import type { EventStore } from '../../../core/store.ts'
import { createApp } from '../../../http/app.ts'
import { openMemoryStore } from '../../../stores/memory/index.ts'
import { optionalFields, requiredFields } from '../fields.ts'
import { speakeasy } from '../index.ts'

/** An event as a client sends it. */
export type Sent = Record<string, unknown>

/** An event with the nine required fields alone, and what a test adds. */
export function anEvent(more: Sent = {}): Sent {
  return {
    id: 'e-1',
    execution_id: 'x-1',
    workspace_id: 'ws_orchard',
    speakeasy_api_key_name: '',
    interaction_type: 'CLI_EXEC',
    local_started_at: '2025-04-02T09:15:00.25+02:00',
    created_at: '2025-04-02T09:15:00.25+02:00',
    speakeasy_version: '1.542.3',
    success: false,
    ...more,
  }
}

const samples: Record<string, unknown> = {
  text: 'some text, ünïcödé 🍐',
  time: '2025-04-02T07:15:13.87Z',
  truth: true,
  whole: 12_750,
}

/** An event with all 82 fields, and what a test adds. */
export function aFullEvent(more: Sent = {}): Sent {
  const all = Object.entries({ ...requiredFields, ...optionalFields })
  const full = all.map(([name, kind]) => {
    return [name, typeof kind === 'string' ? samples[kind] : kind[0]]
  })
  return { ...Object.fromEntries(full), ...more }
}

// A key is its scopes and its workspace: `read+write:ws_orchard`.
const keys: Keys = {
  authenticate(key) {
    const [, scopes, workspace] = /^(read|write|read\+write):([\w-]+)$/.exec(key) ?? []
    if (scopes === undefined || workspace === undefined) return undefined
    const allowed = (['read', 'write'] as const).filter((scope) => scopes.includes(scope))
    return { workspace, scopes: allowed, isDevelopment: false }
  },
}

/** The key of a workspace. */
export function keyOf(workspace: string, scopes = 'read+write'): string {
  return `${scopes}:${workspace}`
}

/** What was answered. */
export interface Answered {
  readonly status: number
  readonly type: string | undefined
  readonly text: string
}

/** The dialect alone, over a store, called in memory. */
export class Door {
  readonly log: EventLog
  readonly app: FastifyInstance

  constructor(store: EventStore = openMemoryStore(), limits: Limits = defaultLimits) {
    this.log = new EventLog(store, limits)
    this.app = createApp({ dialects: [speakeasy], log: this.log, keys })
  }

  /** Sends a request; the body is JSON text, or what becomes it. */
  async ask(
    method: 'GET' | 'POST',
    url: string,
    headers: Record<string, string>,
    payload?: string | object,
  ): Promise<Answered> {
    const body = payload === undefined ? {} : { payload }
    const {
      statusCode,
      headers: got,
      body: text,
    } = await this.app.inject({
      method,
      url,
      headers,
      ...body,
    })
    return { status: statusCode, type: got['content-type'] as string | undefined, text }
  }

  /** Posts events to a workspace, which must succeed. */
  async post(workspace: string, events: readonly Sent[]): Promise<void> {
    const url = `/v1/workspace/${workspace}/events`
    const headers = { 'x-api-key': keyOf(workspace) }
    const { status, text } = await this.ask('POST', url, headers, JSON.stringify(events))
    if (status !== 200 || text !== '') throw new Error(`${status}: ${text}`)
  }

  /** The rows of a list, which must be one. */
  async list(workspace: string, path: string): Promise<Sent[]> {
    const { status, type, text } = await this.ask('GET', path, { 'x-api-key': keyOf(workspace) })
    if (status !== 200 || type !== 'application/json; charset=utf-8') {
      throw new Error(`${status} ${type}: ${text}`)
    }
    return JSON.parse(text) as Sent[]
  }

  /** What a search finds. */
  async search(workspace: string, query = ''): Promise<Sent[]> {
    return this.list(workspace, `/v1/workspace/${workspace}/events${query}`)
  }

  /** The targets of a workspace. */
  async targets(workspace: string, query = ''): Promise<Sent[]> {
    return this.list(workspace, `/v1/workspace/events/targets${query}`)
  }
}
