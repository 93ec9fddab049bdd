import { randomUUID } from 'node:crypto'
import { EventwellError, invalidQuery } from './errors.ts'
import type { EventLog } from './log.ts'
import { Turns } from './turns.ts'

/** The right to commit, for one of several that work for the same consumer. */
export interface Lease {
  /** Known to the one who has it alone. */
  readonly token: string
  readonly expiresAtMs: number
  /** Who has it, in the holder's own words. */
  readonly holder?: string | undefined
}

/** A reader whose position is kept here. */
export interface Consumer {
  readonly name: string
  /** What lies up to here is done with; undefined when nothing was committed yet. */
  readonly position?: number | undefined
  /** When it was committed, in ms since 1970. */
  readonly committedAtMs?: number | undefined
  /** The last one given out; it may be over. */
  readonly lease?: Lease | undefined
}

/** What is committed, and how. */
export interface Commit {
  readonly cursor: string
  /** The token of the lease under which it is committed. */
  readonly lease?: string | undefined
  /** Whether it may go back behind what was committed before. */
  readonly rewind?: boolean | undefined
}

/** What is asked of a lease. */
export interface LeaseRequest {
  readonly seconds: number
  /** The token of the lease that is to be renewed. */
  readonly lease?: string | undefined
  readonly holder?: string | undefined
}

/** How long a lease may last. */
export const leaseSecondsMax = 3600
/** What a consumer may be called; in words for a message, and as a pattern. */
export const consumerName = {
  pattern: '^(?!\\.{1,2}$)[A-Za-z0-9_.-]{1,64}$',
  words: '1 to 64 letters, digits, "_", "-" and "."',
} as const

const consumersMax = 1000
const prefix = 'consumer/'
const nameShape = new RegExp(consumerName.pattern)

type Kept = Omit<Consumer, 'name'>

/**
 * Named consumers: positions that are kept with the log, for readers without a disk of their own. Every
 * change is durable when it resolves, and those of one consumer happen one after the other.
 */
export class Consumers {
  readonly #log: EventLog
  readonly #now: () => number
  readonly #turns = new Turns()

  constructor(log: EventLog, now: () => number = () => Date.now()) {
    this.#log = log
    this.#now = now
  }

  /** @throws EventwellError `not_found`. */
  async get(workspace: string, name: string): Promise<Consumer> {
    const consumer = await find(this.#log, workspace, name)
    if (consumer === undefined) throw unknown(name)
    return this.#seen(consumer)
  }

  /** All consumers of a workspace, by name. */
  async list(workspace: string): Promise<Consumer[]> {
    const notes = await this.#log.notes(workspace, prefix)
    return [...notes].map(([name, text]) =>
      this.#seen({ name: name.slice(prefix.length), ...(JSON.parse(text) as Kept) }),
    )
  }

  /**
   * Keeps a position. A consumer that is not known yet begins to be.
   * @throws EventwellError `invalid_cursor`; `conflict` when it lies behind the position that is kept and
   * this is no rewind, when another has the lease, or the lease was lost.
   */
  async commit(
    workspace: string,
    name: string,
    { cursor, lease, rewind = false }: Commit,
  ): Promise<Consumer> {
    return this.#change(workspace, name, async (known) => {
      const position = await this.#log.positionOf(workspace, cursor)
      this.#checkLease(known, lease)
      if (!rewind && position < (known.position ?? 0)) {
        const message =
          `This cursor lies behind the one that "${name}" has committed; what it stands for may be done ` +
          'already. To go back all the same, send "rewind": true.'
        throw new EventwellError('conflict', message, { field: 'cursor' })
      }
      return { ...known, position, committedAtMs: this.#now() }
    })
  }

  /**
   * Gives out the lease, or renews it for whoever has it. A consumer that is not known yet begins to be.
   * @throws EventwellError `conflict` when another has it, or the one to be renewed was lost.
   */
  async takeLease(
    workspace: string,
    name: string,
    { seconds, lease, holder }: LeaseRequest,
  ): Promise<Consumer & { readonly lease: Lease }> {
    return this.#change(workspace, name, async (known) => {
      this.#checkLease(known, lease)
      const expiresAtMs = this.#now() + seconds * 1000
      const token = lease ?? randomUUID()
      return { ...known, lease: { token, expiresAtMs, holder: holder ?? holderOf(known, lease) } }
    })
  }

  /**
   * Takes a lease back before its time; one that is over already needs nothing.
   * @throws EventwellError `not_found`, or `conflict` when another has it.
   */
  async giveBackLease(workspace: string, name: string, lease: string): Promise<void> {
    await this.#turns.take(turnOf(workspace, name), async () => {
      const known = await this.get(workspace, name)
      if (known.lease === undefined) return
      this.#checkLease(known, lease)
      await this.#keep(workspace, { ...known, lease: undefined })
    })
  }

  /** Forgets a consumer. @throws EventwellError `not_found`, or `conflict` when another has the lease. */
  async forget(workspace: string, name: string, lease?: string): Promise<void> {
    await this.#turns.take(turnOf(workspace, name), async () => {
      const known = await this.get(workspace, name)
      if (known.lease !== undefined) this.#checkLease(known, lease)
      await this.#log.putNote(workspace, prefix + name, undefined)
    })
  }

  async #change<C extends Kept>(
    workspace: string,
    name: string,
    change: (known: Consumer) => Promise<C>,
  ): Promise<C & Consumer> {
    checkName(name)
    return this.#turns.take(turnOf(workspace, name), async () => {
      const known = await find(this.#log, workspace, name)
      const changed = { ...(await change(known ?? { name })), name }
      if (known !== undefined) await this.#keep(workspace, changed)
      else await this.#turns.take(workspace, () => this.#add(workspace, changed))
      return changed
    })
  }

  async #add(workspace: string, consumer: Consumer): Promise<void> {
    const known = await this.#log.notes(workspace, prefix)
    if (known.size >= consumersMax) {
      const message =
        `This workspace has ${consumersMax} consumers, as many as it may; ` +
        'forget one with DELETE /eventwell/consumers/{name}.'
      throw new EventwellError('conflict', message)
    }
    await this.#keep(workspace, consumer)
  }

  async #keep(workspace: string, { name, ...kept }: Consumer): Promise<void> {
    await this.#log.putNote(workspace, prefix + name, JSON.stringify(kept))
  }

  /** @throws EventwellError `conflict` unless the token is that of the last lease, or none is needed. */
  #checkLease({ name, lease: last }: Consumer, token: string | undefined): void {
    if (token !== undefined && last?.token === token) return
    const leftMs = (last?.expiresAtMs ?? 0) - this.#now()
    if (last !== undefined && leftMs > 0) {
      const who = last.holder === undefined ? 'Another' : `"${last.holder}"`
      const message = `${who} has the lease of "${name}"; come back when it is over.`
      throw new EventwellError('conflict', message, [], undefined, Math.ceil(leftMs / 1000))
    }
    if (token === undefined) return
    const message = `This lease of "${name}" was given back or passed on; ask for a new one.`
    throw new EventwellError('conflict', message, { field: 'lease' })
  }

  /** A consumer as others see it: a lease that is over is none. */
  #seen(consumer: Consumer): Consumer {
    const isOver = (consumer.lease?.expiresAtMs ?? 0) <= this.#now()
    return isOver ? { ...consumer, lease: undefined } : consumer
  }
}

/**
 * The cursor that a consumer has committed; undefined when it has none, so that it begins with the oldest
 * event. @throws EventwellError `invalid_query` for what cannot be a name.
 */
export async function committedCursor(
  log: EventLog,
  workspace: string,
  name: string,
): Promise<string | undefined> {
  checkName(name, 'consumer')
  const position = (await find(log, workspace, name))?.position
  return position === undefined ? undefined : log.cursorAt(workspace, position)
}

async function find(log: EventLog, workspace: string, name: string): Promise<Consumer | undefined> {
  checkName(name)
  const text = await log.note(workspace, prefix + name)
  return text === undefined ? undefined : { name, ...(JSON.parse(text) as Kept) }
}

function checkName(name: string, field = 'name'): void {
  if (nameShape.test(name)) return
  throw invalidQuery(field, `${field} must be made of ${consumerName.words}.`)
}

/** A renewal that says nothing of it leaves the holder as it was. */
function holderOf({ lease: last }: Consumer, token: string | undefined): string | undefined {
  return last?.token === token ? last?.holder : undefined
}

function turnOf(workspace: string, name: string): string {
  return `${workspace}/${name}`
}

function unknown(name: string): EventwellError {
  return new EventwellError('not_found', `There is no consumer "${name}" here.`)
}
