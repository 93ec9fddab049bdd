import { createHash, hash } from 'node:crypto'
import { EventwellError } from '../../../core/errors.ts'
import type { NewEvent, Receipt } from '../../../core/event.ts'
import type { EventLog } from '../../../core/log.ts'
import { receiptsOf, type Mark, type OnChange } from '../../../core/store.ts'

/** How long an answer is kept under its key. */
export const keyKeptMs = 24 * 60 * 60 * 1000

/** What an append was answered, and whether that was for an earlier request with the same key. */
export interface KeyedReceipts {
  readonly receipts: readonly Receipt[]
  readonly isReplay: boolean
}

/** Appends that are done once for each `Idempotency-Key`: the key is kept in the same write as the events. */
export class KeyedAppends {
  readonly #log: EventLog
  readonly #now: () => number
  /** The keys of requests that are being answered, with their workspaces. */
  readonly #underWay = new Set<string>()

  constructor(log: EventLog, now: () => number = Date.now) {
    this.#log = log
    this.#now = now
  }

  /**
   * Does the work of a request while no other request with its key is at work.
   * @throws EventwellError `conflict` when another one is.
   */
  async alone<T>(workspace: string, key: string | undefined, work: () => Promise<T>): Promise<T> {
    if (key === undefined) return work()
    const name = `${workspace}/${key}`
    if (this.#underWay.has(name)) {
      const message = 'A request with this Idempotency-Key is still being answered; ask again soon.'
      throw new EventwellError('conflict', message, [], undefined, 1)
    }
    this.#underWay.add(name)
    try {
      return await work()
    } finally {
      this.#underWay.delete(name)
    }
  }

  /**
   * What the first request with this key was answered; undefined when this is the first.
   * @throws EventwellError `key_reused` when that request said something else.
   */
  async earlier(
    workspace: string,
    key: string,
    fingerprint: string,
  ): Promise<readonly Receipt[] | undefined> {
    const note = await this.#log.note(workspace, noteName(key))
    if (note === undefined) return undefined
    const [text = '', receipts = '[]'] = note.split('\n')
    if (text === markText(fingerprint)) return receiptsOf(receipts)
    throw new EventwellError(
      'key_reused',
      'This Idempotency-Key was used for another request in the last 24 hours; give each request its own.',
    )
  }

  /** Appends, and keeps the receipts under the key. */
  append(
    workspace: string,
    key: string | undefined,
    fingerprint: string,
    events: readonly NewEvent[],
    onChange: OnChange,
  ): Promise<readonly Receipt[]> {
    const expiresAtMs = this.#now() + keyKeptMs
    const mark: Mark | undefined =
      key === undefined
        ? undefined
        : { name: noteName(key), text: markText(fingerprint), expiresAtMs }
    return this.#log.append(workspace, events, onChange, mark)
  }
}

/** What tells one request from another: all that decides on its answer, but for the events that are here. */
export function fingerprintOf(parts: readonly (string | Uint8Array)[]): string {
  const digest = createHash('sha256')
  for (const part of parts) digest.update(`${part.length}:`).update(part)
  return digest.digest('base64url')
}

/**
 * The key of an `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header-07): a string in quotes;
 * one without quotes is taken, too. Undefined without the header.
 * @throws EventwellError `invalid_query` naming the header.
 */
export function idempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined
  const text = [header].flat().join(', ').trim()
  const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/.exec(text)?.[1]
  const bare = /^[\x21\x23-\x7e]+$/.test(text) ? text : ''
  const key = quoted?.replace(/\\(.)/g, '$1') ?? bare
  if (key.length >= 1 && key.length <= 255) return key
  throw new EventwellError(
    'invalid_query',
    'Idempotency-Key must be sent once: 1 to 255 printable ASCII characters in double quotes.',
    { field: 'idempotency-key' },
  )
}

function noteName(key: string): string {
  return `idempotency/${hash('sha256', key)}`
}

function markText(fingerprint: string): string {
  return JSON.stringify({ request: fingerprint })
}
