import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { openMemoryStore } from '../../stores/memory/index.ts'
import { Batch, named } from './batch.ts'
import { encodeCursor } from '../cursor.ts'
import { EventwellError } from '../errors.ts'
import type { NewEvent, StoredEvent } from '../event.ts'
import { Hub, Hubs, reachOf } from './hub.ts'
import { Lanes } from '../lanes.ts'
import { EventLog } from '../log.ts'
import { matches, type Selection } from '../query.ts'
import type { EventStore } from '../store.ts'
import { queuedBytesMax, Tail, type Outlet, type TailSpelling } from './tail.ts'

const workspace = 'w'

type Message =
  | { readonly position: number; readonly id: string }
  | { readonly progress: string; readonly caughtUp: boolean }
  | { readonly gap: number }
  | 'beat'

const asText = (message: Message) => Buffer.from(`${JSON.stringify(message)}\n`)
const eventBytes = ({ position, id, data }: StoredEvent) =>
  Buffer.from(`${JSON.stringify({ position, id })}${' '.repeat(data?.length ?? 0)}\n`)
const spelling: TailSpelling = {
  event: eventBytes,
  progress: (cursor, caughtUp) => asText({ progress: cursor, caughtUp }),
  gap: (_cursor, until) => asText({ gap: until }),
  beat: () => asText('beat'),
}

/** A reader who takes what was sent when the test says so. */
class Reader implements Outlet {
  readonly messages: Message[] = []
  readonly #closing = new AbortController()
  #queue: Buffer[] = []
  #drained = Promise.withResolvers<void>()
  queuedBytes = 0
  mostQueued = 0
  isSlow = false

  get signal(): AbortSignal {
    return this.#closing.signal
  }

  get positions(): number[] {
    return this.messages.flatMap((message) =>
      typeof message === 'object' && 'position' in message ? [message.position] : [],
    )
  }

  send(bytes: Buffer): void {
    if (this.signal.aborted) return
    this.#queue.push(bytes)
    this.queuedBytes += bytes.length
    this.mostQueued = Math.max(this.mostQueued, this.queuedBytes)
    if (!this.isSlow) this.drain()
  }

  drain(): void {
    const text = Buffer.concat(this.#queue).toString()
    for (const line of text.split('\n').slice(0, -1)) {
      this.messages.push(JSON.parse(line) as Message)
    }
    this.#queue = []
    this.queuedBytes = 0
    this.#drained.resolve()
    this.#drained = Promise.withResolvers()
  }

  drained(): Promise<void> {
    return this.queuedBytes === 0 || this.signal.aborted ? Promise.resolve() : this.#drained.promise
  }

  close(): void {
    this.#closing.abort()
    this.#drained.resolve()
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

async function turns(count: number): Promise<void> {
  for (let done = 0; done < count; done++) await turn()
}

/** Waits for what must come; the test's time limit ends it when it does not. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await turn()
}

function event(id: string, type = 'a', data = '{}', source = '/s'): NewEvent {
  return { source, id, type, data }
}

/** A log and its hub, and tails on them. */
class Scene {
  readonly log: EventLog
  readonly hub: Hub
  readonly #encodings: { count: number }

  constructor(store: EventStore, wait: () => Promise<void> = turn) {
    const encodings = { count: 0 }
    this.log = new EventLog(store)
    this.hub = new Hub(
      this.log,
      workspace,
      (stored) => {
        encodings.count += 1
        return eventBytes(stored)
      },
      wait,
    )
    this.#encodings = encodings
  }

  /** How many events the hub encoded. */
  get encoded(): number {
    return this.#encodings.count
  }

  /** A tail that goes on until its reader closes it. */
  async tail(reader: Reader, position: number, selection: Selection = {}): Promise<Tail> {
    const { tail } = await this.start(reader, position, selection)
    return tail
  }

  async start(
    outlet: Reader,
    position: number,
    selection: Selection,
  ): Promise<{ tail: Tail; ending: Promise<void> }> {
    const { log, hub } = this
    const { signal } = outlet
    const { tag, head } = await log.state(workspace)
    const place = { tag, position, gapsKnown: 0, caughtUp: position === head }
    const tail = new Tail({
      log,
      hub,
      workspace,
      selection,
      spelling,
      outlet,
      signal,
      lanes: new Lanes(1),
      ...place,
    })
    return { tail, ending: tail.run() }
  }

  append(...events: NewEvent[]) {
    return this.log.append(workspace, events, 'replace')
  }
}

/** A store whose reads take some turns before and after they see the log. */
function slowed(store: EventStore, turnsNow: () => number): EventStore {
  return {
    ...store,
    async read(name, query) {
      await turns(turnsNow())
      const page = await store.read(name, query)
      await turns(turnsNow())
      return page
    },
  }
}

/** Numbers that look random, the same for the same seed. */
function dice(seed: number): (bound: number) => number {
  let state = seed >>> 0
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * bound)
  }
}

describe('a tail', () => {
  const selections: readonly Selection[] = [
    {},
    { facets: [{ name: 'type', values: ['a'] }] },
    { payload: [{ paths: [['n']], as: 'text', ranges: [{ from: '1', to: '1' }] }] },
    { words: ['rare'] },
  ]

  it('shows every event once and in order, however reads, appends and readers interleave', async () => {
    const property = fc.asyncProperty(fc.nat(2 ** 31), async (seed) => {
      const roll = dice(seed)
      const store = openMemoryStore()
      const scene = new Scene(
        slowed(store, () => roll(4)),
        () => turns(roll(4)),
      )
      const all: StoredEvent[] = []
      // Nothing is replaced here: whether a reader sees what was replaced depends on when it reads.
      const write = async (count: number, isLast = false) => {
        const events = Array.from({ length: count }, (_, index) => {
          const size = roll(60) === 0 ? queuedBytesMax / 2 : roll(50)
          const text = `${roll(3) === 0 || isLast ? 'rare' : 'usual'} ${'x'.repeat(size)}`
          const n = isLast ? 1 : roll(2)
          const id = `${all.length}.${index}`
          return event(id, isLast || roll(2) === 0 ? 'a' : 'b', JSON.stringify({ n, text }))
        })
        await scene.append(...events)
        const { events: found } = await store.read(workspace, {
          order: 'position',
          direction: 'forward',
          limit: 1000,
          charsMax: Infinity,
          after: { position: all.length },
        })
        all.push(...found)
      }
      const follow = async (selection: Selection) => {
        const positions: number[] = []
        let [mostQueued, position] = [0, 0]
        const wanted = () => all.filter((stored) => matches(stored, selection)).length
        for (let lives = 0; lives < 40; lives++) {
          const reader = new Reader()
          reader.isSlow = roll(2) === 0
          const tail = await scene.tail(reader, position, selection)
          await turns(roll(12))
          if (reader.isSlow) reader.drain()
          await turns(roll(12))
          // What was queued when the connection broke was lost.
          position = reader.isSlow ? (reader.positions.at(-1) ?? position) : tail.position
          reader.close()
          positions.push(...reader.positions)
          mostQueued = Math.max(mostQueued, reader.mostQueued)
        }
        const reader = new Reader()
        await scene.tail(reader, position, selection)
        await writing
        await until(() => positions.length + reader.positions.length >= wanted())
        await turns(5)
        reader.close()
        positions.push(...reader.positions)
        return { selection, positions, mostQueued }
      }
      const writing = (async () => {
        for (let round = 0; round < 120; round++) {
          await write(1 + roll(3))
          await turns(roll(6))
        }
        await write(1, true)
      })()
      const seen = await Promise.all(selections.map(follow))
      for (const { selection, positions, mostQueued } of seen) {
        const expected = all.filter((stored) => matches(stored, selection))
        assert.deepEqual(
          positions,
          expected.map(({ position }) => position),
        )
        assert.ok(mostQueued <= queuedBytesMax * 2, `${mostQueued} bytes were queued`)
      }
    })
    await fc.assert(property, { numRuns: 15 })
  })

  it('reads and encodes once for all who are up to date, and shows a replaced event again', async () => {
    let reads = 0
    const store = openMemoryStore()
    const scene = new Scene({
      ...store,
      read: (name, query) => {
        reads += 1
        return store.read(name, query)
      },
    })
    const readers = Array.from({ length: 10 }, () => new Reader())
    const tails = await Promise.all(readers.map((reader) => scene.tail(reader, 0)))
    await until(() => tails.every(({ isFollowing }) => isFollowing))
    reads = 0
    await scene.append(event('1'), event('2'))
    await until(() => readers.every(({ positions }) => positions.length === 2))
    await scene.append(event('1', 'b'))
    await until(() => readers.every(({ positions }) => positions.length === 3))
    assert.equal(scene.encoded, 3)
    assert.equal(reads, 2)
    assert.deepEqual(readers[0]!.positions, [1, 2, 3])
  })

  it('follows through appends that are larger than a batch', async () => {
    const scene = new Scene(openMemoryStore())
    const reader = new Reader()
    const tail = await scene.tail(reader, 0)
    await until(() => tail.isFollowing)
    await scene.append(...Array.from({ length: 1200 }, (_, id) => event(`${id}`)))
    await until(() => reader.positions.length === 1200)
    assert.equal(scene.encoded, 1200)
  })

  it('waits for a slow reader alone, holds little for it, and gives it all in the end', async () => {
    const scene = new Scene(openMemoryStore())
    const [fast, slow] = [new Reader(), new Reader()]
    slow.isSlow = true
    const tails = await Promise.all([scene.tail(fast, 0), scene.tail(slow, 0)])
    await until(() => tails.every(({ isFollowing }) => isFollowing))
    const size = 10_000
    for (let id = 0; id < 100; id++) {
      await scene.append(event(`${id}`, 'a', JSON.stringify('x'.repeat(size))))
      await until(() => fast.positions.length === id + 1)
    }
    assert.deepEqual(slow.positions, [])
    assert.equal(tails[1]!.isFollowing, false)
    assert.ok(slow.mostQueued > queuedBytesMax && slow.mostQueued < queuedBytesMax + 2 * size)
    while (slow.positions.length < 100) {
      slow.drain()
      await turn()
    }
    await until(() => tails[1]!.isFollowing)
    slow.drain()
    assert.deepEqual(slow.positions, fast.positions)
    assert.ok(slow.mostQueued < queuedBytesMax + 2 * size)
  })

  it('tells how far it got where nothing was wanted', async () => {
    const scene = new Scene(openMemoryStore())
    const { tag } = await scene.log.state(workspace)
    const reader = new Reader()
    const nothing = { facets: [{ name: 'type', values: ['none'] }] }
    await scene.append(event('1'))
    const tail = await scene.tail(reader, 0, nothing)
    await until(() => tail.isFollowing)
    await scene.append(event('2'))
    await until(() => tail.position === 2)
    tail.beat()
    tail.beat()
    assert.deepEqual(reader.messages, [
      { progress: encodeCursor(tag, { position: 0 }), caughtUp: false },
      { progress: encodeCursor(tag, { position: 1 }), caughtUp: true },
      'beat',
      { progress: encodeCursor(tag, { position: 2 }), caughtUp: true },
      'beat',
    ])
  })

  it('tells of a gap before what lies behind it, once', async () => {
    const scene = new Scene(openMemoryStore())
    await scene.append(event('1'), event('2'), event('3'))
    scene.log.overtaken = async (_workspace, _selection, position) => (position < 2 ? 2 : undefined)
    const reader = new Reader()
    await scene.tail(reader, 0)
    await until(() => reader.positions.length === 3)
    const [, ...rest] = reader.messages
    assert.deepEqual(rest.slice(0, 2), [{ gap: 2 }, { position: 1, id: '1' }])
    assert.equal(
      rest.filter((message) => typeof message === 'object' && 'gap' in message).length,
      1,
    )
  })

  it('goes on when the log was busy, and ends when it cannot be read', async () => {
    const store = openMemoryStore()
    const faults: Error[] = []
    const scene = new Scene({
      ...store,
      async read(name, query) {
        const fault = faults.shift()
        if (fault !== undefined) throw fault
        return store.read(name, query)
      },
    })
    const reader = new Reader()
    const { tail, ending } = await scene.start(reader, 0, {})
    await until(() => tail.isFollowing)
    faults.push(new EventwellError('busy', 'Too many.'))
    await scene.append(event('1'))
    await until(() => reader.positions.length === 1)
    faults.push(new Error('The disk is gone.'))
    await scene.append(event('2'))
    await assert.rejects(ending, /The disk is gone/)
  })
})

describe('hubs', () => {
  it('are there while somebody follows, and let go of the log after that', () => {
    const log = new EventLog(openMemoryStore())
    let listening = 0
    const { onAppend } = log
    log.onAppend = (name, listener) => {
      const stop = onAppend.call(log, name, listener)
      listening += 1
      return () => {
        listening -= 1
        stop()
      }
    }
    const hubs = new Hubs(log)
    const [one, other, third] = ['a', 'a', 'b'].map((name) => hubs.acquire(name, eventBytes))
    assert.equal(one!.hub, other!.hub)
    assert.deepEqual([hubs.size, listening], [2, 2])
    one!.release()
    third!.release()
    assert.deepEqual([hubs.size, listening], [1, 1])
    other!.release()
    assert.deepEqual([hubs.size, listening], [0, 0])
  })

  for (const [name, page, reach] of [
    ['the head when nothing more is there', { events: [], more: false, head: 9 }, 9],
    ['the last event', { events: [{ position: 4 }], more: true, head: 9 }, 4],
    ['where a cut page ended', { events: [], more: true, head: 9, next: { position: 7 } }, 7],
    ['where it began when nothing is known', { events: [], more: true, head: 9 }, 2],
  ] as const) {
    it(`take a page to reach ${name}`, () => {
      // Only what is looked at is there.
      assert.equal(reachOf(page as unknown as Parameters<typeof reachOf>[0], 2), reach)
    })
  }
})

describe('a batch', () => {
  it('chooses as a query does, and encodes what is chosen once', () => {
    const events = ['{"n":1}', '{"n":2}', undefined].map((data, index): StoredEvent => {
      const id = String(index)
      return { source: '/s', id, type: 'a', data, position: index + 1, receivedAtMs: 0 }
    })
    let encodings = 0
    const batch = new Batch(events, { after: 0, through: 3 }, (stored) => {
      encodings += 1
      return eventBytes(stored)
    })
    const ranges = [{ from: '2', to: '2' }]
    for (const [selection, positions] of [
      [{}, [1, 2, 3]],
      [{ payload: [{ paths: [['n']], as: 'text', ranges }] }, [2]],
      [{ from: 0n }, [1, 2, 3]],
      [{ facets: [{ name: 'type', values: ['b'] }] }, []],
    ] as const) {
      const { frames, whole } = batch.chosen(named(selection as Selection))
      assert.deepEqual(
        frames.map(({ position }) => position),
        positions,
      )
      assert.equal(whole.length, Buffer.concat(frames.map(({ bytes }) => bytes)).length)
    }
    assert.equal(encodings, 3)
    assert.equal(batch.chosen(named({})), batch.chosen(named({})))
  })
})
