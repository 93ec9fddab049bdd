import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Identity, NewEvent } from '../../core/event.ts'
import { defaultLimits } from '../../core/limits.ts'
import { EventLog } from '../../core/log.ts'
import { cutPage } from '../../core/page.ts'
import { placeOf, type Page, type Query } from '../../core/query.ts'
import type { EventStore, OnChange, Removal, RemovalPart, RemovalReason } from '../../core/store.ts'
import { Tally, type Summary, type SummaryPart } from '../../core/summary.ts'
import { openMemoryStore } from '../memory/index.ts'
import type { StoreFactory } from './suite.ts'

interface Pair {
  readonly model: EventStore
  store: EventStore
  readonly workspace: string
}

const runs = Number(process.env['EVENTWELL_MODEL_RUNS'] ?? 40)

// Few ids, types and times, so that repeats, replacements and ties are common.
const event: fc.Arbitrary<NewEvent> = fc.record(
  {
    source: fc.constantFrom('/a', '/b'),
    id: fc.integer({ min: 0, max: 30 }).map((number) => `id-${number}`),
    type: fc.constantFrom('user.created', 'user.deleted', 'CLI_EXEC', 'os/cpu'),
    time: fc.integer({ min: 0, max: 50 }).map((tick) => `2026-03-01T00:00:00.${100 + tick}Z`),
    subject: fc.constantFrom('s1', 'S1', 's 2'),
    actor: fc.constantFrom('p1', 'p2'),
    facets: fc.constantFrom({ system: 'x' }, { system: 'y' }),
    data: fc.constantFrom(
      '{"v":1}',
      '{"v":2,"t":"Red box"}',
      '[]',
      '{"v":-0.5,"t":["blue","box"]}',
    ),
  },
  { requiredKeys: ['source', 'id', 'type', 'time'], noNullPrototype: true },
)

const filter = fc.oneof(
  fc.record({
    name: fc.constant('type'),
    values: fc.subarray(['user.created', 'user.deleted', 'os/cpu'], { minLength: 1 }),
  }),
  fc.record({ name: fc.constant('subject'), values: fc.constantFrom(['s1'], ['S1', 's 2']) }),
  fc.record({ name: fc.constant('system'), values: fc.constant(['x']) }),
  fc.record({ name: fc.constant('resource'), values: fc.constant(['user']) }),
  fc.record({
    name: fc.constantFrom('type', 'subject'),
    values: fc.constantFrom([], ['os/cpu']),
    prefixes: fc.constantFrom(['user.'], ['s'], ['S', 'user.d'], ['']),
  }),
)

const words = fc.subarray(['box', 'red', 'blue', 'nothing', '2'], { maxLength: 2 })

const start = 1_772_323_200_100_000_000n
const instant = fc.integer({ min: 0, max: 50 }).map((tick) => start + BigInt(tick) * 1_000_000n)

const query: fc.Arbitrary<Query> = fc.record(
  {
    facets: fc.array(filter, { maxLength: 2 }),
    from: instant,
    until: instant,
    order: fc.constantFrom('position' as const, 'time' as const),
    direction: fc.constantFrom('forward' as const, 'backward' as const),
    payload: fc.constantFrom(
      [],
      [{ paths: [['v']], as: 'number' as const, ranges: [{ from: 2 }] }],
    ),
    except: fc.array(filter, { maxLength: 1 }),
    words,
    limit: fc.integer({ min: 1, max: 20 }),
    charsMax: fc.constantFrom(10, 1_000_000),
  },
  { requiredKeys: ['order', 'direction', 'limit', 'charsMax'] },
)

class Append implements fc.AsyncCommand<object, Pair> {
  readonly #events: readonly NewEvent[]
  readonly #onChange: OnChange
  constructor(events: readonly NewEvent[], onChange: OnChange) {
    this.#events = events
    this.#onChange = onChange
  }
  check = () => true
  async run(_: object, { model, store, workspace }: Pair): Promise<void> {
    const expected = await model.append(workspace, this.#events, this.#onChange)
    assert.deepEqual(await store.append(workspace, this.#events, this.#onChange), expected)
  }
  toString = () => `append(${JSON.stringify(this.#events)}, ${this.#onChange})`
}

/** Reads a whole query, page after page; both stores must show the same events on the same pages. */
class Walk implements fc.AsyncCommand<object, Pair> {
  readonly #query: Query
  constructor(walked: Query) {
    this.#query = walked
  }
  check = () => true
  async run(_: object, { model, store, workspace }: Pair): Promise<void> {
    let after: Query['after']
    for (let pages = 0; pages < 50; pages++) {
      const placed = { ...this.#query, after }
      const expected = await model.read(workspace, placed)
      const page = await readWhole(store, workspace, placed)
      assert.deepEqual(withoutReceipt(page), withoutReceipt(expected))
      const last = page.events.at(-1)
      if (!page.more || last === undefined) return
      after = placeOf(last, this.#query)
    }
  }
  toString = () => `walk(${shownJson(this.#query)})`
}

/** A page as the log reads it, made of those that ended early where the store took its time. */
async function readWhole(store: EventStore, workspace: string, query: Query): Promise<Page> {
  const log = new EventLog(store, { ...defaultLimits, pageCharsMax: query.charsMax })
  let page = await log.readAfter(workspace, query)
  const events = [...page.events]
  while (page.next !== undefined) {
    const after = page.next
    page = await log.readAfter(workspace, { ...query, after })
    assert.notDeepEqual(page.next, after, 'the walk stands still')
    events.push(...page.events)
  }
  const whole = cutPage(events, query, page.head)
  return { ...whole, more: whole.more || page.more }
}

const summary: fc.Arbitrary<Summary> = fc.record(
  {
    facets: fc.array(filter, { maxLength: 2 }),
    from: instant,
    until: instant,
    payload: fc.constantFrom(
      [],
      [{ paths: [['v']], as: 'number' as const, ranges: [{ from: 2 }, { to: 0 }] }],
    ),
    except: fc.array(filter, { maxLength: 1 }),
    words,
    groupBy: fc.subarray(['type', 'subject', 'system']),
    buckets: fc.record({
      startMs: fc.constant(1_772_323_200_090),
      stepMs: fc.integer({ min: 1, max: 30 }),
      count: fc.integer({ min: 1, max: 5 }),
    }),
    measure: fc.record({
      path: fc.constant(['v']),
      as: fc.constant('number' as const),
      isSketched: fc.boolean(),
    }),
  },
  { requiredKeys: [] },
)

/** Sums up, part after part; both stores must come to the same rows. */
class Summarize implements fc.AsyncCommand<object, Pair> {
  readonly #summary: Summary
  constructor(asked: Summary) {
    this.#summary = asked
  }
  check = () => true
  async run(_: object, { model, store, workspace }: Pair): Promise<void> {
    const [expected, found] = [new Tally(this.#summary), new Tally(this.#summary)]
    expected.merge((await model.summarize(workspace, this.#summary, 0)).rows)
    for (let after: number | undefined = 0; after !== undefined;) {
      const part: SummaryPart = await store.summarize(workspace, this.#summary, after)
      found.merge(part.rows)
      after = part.next
    }
    assert.deepEqual(new Set(found.rows()), new Set(expected.rows()))
  }
  toString = () => `summarize(${shownJson(this.#summary)})`
}

/** Removes, part after part; both stores must lose the same events. */
class Remove implements fc.AsyncCommand<object, Pair> {
  readonly #removal: Removal
  readonly #reason: RemovalReason
  constructor(removal: Removal, reason: RemovalReason) {
    this.#removal = removal
    this.#reason = reason
  }
  check = () => true
  async run(_: object, { model, store, workspace }: Pair): Promise<void> {
    const expected = await model.remove(workspace, this.#removal, this.#reason, 0)
    let [events, last] = [0, 0]
    for (let after: number | undefined = 0; after !== undefined;) {
      const part: RemovalPart = await store.remove(workspace, this.#removal, this.#reason, after)
      events += part.events
      last = Math.max(last, part.last)
      after = part.next
    }
    assert.deepEqual({ events, last }, expected)
  }
  toString = () => `remove(${shownJson(this.#removal)})`
}

const removal: fc.Arbitrary<Removal> = fc.oneof(
  fc.record({
    identity: fc.record({
      source: fc.constantFrom('/a', '/b'),
      id: fc.integer({ min: 0, max: 30 }).map((number) => `id-${number}`),
    }),
  }),
  fc.record({ facets: fc.array(filter, { minLength: 1, maxLength: 1 }) }),
  fc.record({ until: instant, except: fc.array(filter, { minLength: 1, maxLength: 2 }) }),
)

class Find implements fc.AsyncCommand<object, Pair> {
  readonly #identity: Identity
  constructor(identity: Identity) {
    this.#identity = identity
  }
  check = () => true
  async run(_: object, { model, store, workspace }: Pair): Promise<void> {
    const expected = await model.find(workspace, this.#identity)
    const found = await store.find(workspace, this.#identity)
    assert.equal(found?.position, expected?.position)
    const place = expected?.position ?? 1
    assert.equal((await store.at(workspace, place))?.id, (await model.at(workspace, place))?.id)
  }
  toString = () => `find(${JSON.stringify(this.#identity)})`
}

class Reopen implements fc.AsyncCommand<object, Pair> {
  readonly #factory: StoreFactory
  constructor(factory: StoreFactory) {
    this.#factory = factory
  }
  check = () => true
  async run(_: object, pair: Pair): Promise<void> {
    await pair.store.close()
    pair.store = await this.#factory.reopen()
  }
  toString = () => 'reopen()'
}

/** Runs random commands against a store and the model, which must agree on every answer. */
export function compareWithModel(name: string, factory: StoreFactory): void {
  describe(`${name} agrees with the model`, () => {
    it(`over ${runs} random histories`, async () => {
      let store = await factory.open()
      let histories = 0
      const commands = fc.commands(
        [
          fc
            .tuple(
              fc.array(event, { minLength: 1, maxLength: 60 }),
              fc.constantFrom('replace' as const, 'refuse' as const, 'skip' as const),
            )
            .map(([events, onChange]) => new Append(events, onChange)),
          fc
            .tuple(removal, fc.constantFrom('expired' as const, 'erased' as const))
            .map(([removed, reason]) => new Remove(removed, reason)),
          query.map((walked) => new Walk(walked)),
          summary.map((asked) => new Summarize(asked)),
          fc
            .tuple(fc.integer({ min: 0, max: 31 }), fc.constantFrom('/a', '/b', '/c'))
            .map(([number, source]) => new Find({ source, id: `id-${number}` })),
          ...(store.supports.durability ? [fc.constant(new Reopen(factory))] : []),
        ],
        { maxCommands: 25 },
      )
      const property = fc.asyncProperty(commands, async (history) => {
        const workspace = `history-${++histories}`
        const pair: Pair = { model: openMemoryStore(), store, workspace }
        try {
          await fc.asyncModelRun(() => ({ model: {}, real: pair }), history)
        } finally {
          store = pair.store
        }
      })
      try {
        await fc.assert(property, { numRuns: runs })
      } finally {
        await store.close()
      }
    })
  })
}

function shownJson(value: object): string {
  return JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? `${one}n` : one))
}

function withoutReceipt(page: { readonly events: readonly object[] }): object {
  return { ...page, events: page.events.map((stored) => ({ ...stored, receivedAtMs: 0 })) }
}
