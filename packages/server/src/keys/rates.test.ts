import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Keys } from '../core/access.ts'
import { RateLimited, type Allowances } from '../core/allowance.ts'
import { withRates } from './rates.ts'

const keys: Keys = {
  authenticate: (key) =>
    key === 'unknown' ? undefined : { workspace: key, scopes: ['read'], isDevelopment: false },
}

/** Does it until the key is refused: how often it was let through, and after how long to come back. */
function exhaust(work: () => unknown): { passed: number; seconds: number | undefined } {
  for (let passed = 0; passed < 10_000; passed++) {
    const refusal = refusalOf(work)
    if (refusal !== undefined) return { passed, seconds: refusal.retryAfterSeconds }
  }
  return { passed: Infinity, seconds: undefined }
}

function refusalOf(work: () => unknown): RateLimited | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    assert.ok(error instanceof RateLimited)
    assert.equal(error.code, 'rate_limited')
    return error
  }
}

let nowMs = 0

/** The keys, each with these rates unless its workspace is one that is free. */
function limited(rates: { requests?: number; events?: number }): Keys {
  const unlessFree = (rate: number | undefined) => (workspace: string) =>
    workspace.startsWith('free') ? undefined : rate
  return withRates(
    keys,
    {
      requestsPerMinute: unlessFree(rates.requests),
      eventsPerMinute: unlessFree(rates.events),
    },
    () => nowMs,
  )
}

describe('the rate of requests', () => {
  it('is a minute’s worth at once, and then one by one', () => {
    const own = limited({ requests: 30 })
    const ask = () => own.authenticate('a')
    assert.deepEqual(exhaust(ask), { passed: 30, seconds: 2 })
    nowMs += 1999
    assert.deepEqual(exhaust(ask), { passed: 0, seconds: 1 })
    nowMs += 1
    assert.deepEqual(exhaust(ask), { passed: 1, seconds: 2 })
    nowMs += 3_600_000
    assert.deepEqual(exhaust(ask), { passed: 30, seconds: 2 })
  })

  it('is that of each key, and none where none is set', () => {
    const own = limited({ requests: 30 })
    assert.equal(exhaust(() => own.authenticate('a')).passed, 30)
    assert.equal(exhaust(() => own.authenticate('b')).passed, 30)
    assert.equal(exhaust(() => own.authenticate('free')).passed, Infinity)
    assert.equal(own.authenticate('free')?.allowances, undefined)
  })

  it('does not count those who have no key', () => {
    const own = limited({ requests: 30 })
    for (let n = 0; n < 100; n++) assert.equal(own.authenticate('unknown'), undefined)
  })

  it('forgets keys that rest, and none that does not', () => {
    const own = limited({ requests: 30 })
    exhaust(() => own.authenticate('busy'))
    for (let n = 0; n < 3000; n++) own.authenticate(`key-${n}`)
    assert.equal(exhaust(() => own.authenticate('busy')).passed, 0)
    nowMs += 59_999
    own.authenticate('another')
    assert.equal(exhaust(() => own.authenticate('busy')).passed, 29)
  })

  it('is told: what there is in a minute, what is left, when all is there again', () => {
    const own = limited({ requests: 30 })
    assert.deepEqual(own.authenticate('a')?.allowances?.requests, {
      most: 30,
      left: 29,
      resetSeconds: 2,
    })
    nowMs += 1000
    assert.equal(own.authenticate('a')?.allowances?.requests?.resetSeconds, 3)
    const refusal = (exhaust(() => own.authenticate('a')), refusalOf(() => own.authenticate('a')))
    assert.deepEqual(refusal?.allowances.requests, { most: 30, left: 0, resetSeconds: 59 })
    assert.equal(refusal?.allowances.events, undefined)
  })
})

describe('the rate of events', () => {
  const allowancesOf = (own: Keys, key = 'a'): Allowances => own.authenticate(key)!.allowances!

  it('is a minute’s worth at once, and then as they come back', () => {
    const own = allowancesOf(limited({ events: 600 }))
    own.takeEvents(500)
    assert.deepEqual(own.events, { most: 600, left: 100, resetSeconds: 50 })
    assert.equal(refusalOf(() => own.takeEvents(150))?.retryAfterSeconds, 5)
    assert.equal(own.events?.left, 100, 'a refusal takes nothing')
    own.takeEvents(100)
    nowMs += 5000
    assert.deepEqual(own.events, { most: 600, left: 50, resetSeconds: 55 })
    assert.equal(own.requests, undefined)
  })

  it('takes more than a minute’s worth when all are there, and waits until it is paid', () => {
    const keysHere = limited({ events: 600 })
    const own = allowancesOf(keysHere)
    own.takeEvents(1)
    assert.equal(refusalOf(() => own.takeEvents(1800))?.retryAfterSeconds, 1)
    nowMs += 100
    own.takeEvents(1800)
    assert.deepEqual(own.events, { most: 600, left: 0, resetSeconds: 180 })
    assert.equal(refusalOf(() => own.takeEvents(1))?.retryAfterSeconds, 121)
    nowMs += 60_000
    for (let n = 0; n < 3000; n++) keysHere.authenticate(`key-${n}`)
    nowMs += 60_000
    const later = allowancesOf(keysHere)
    assert.deepEqual(later.events, { most: 600, left: 0, resetSeconds: 60 }, 'a debt is kept')
    nowMs += 100
    later.takeEvents(1)
  })

  it('goes beside that of requests', () => {
    const own = limited({ requests: 2, events: 10 })
    allowancesOf(own).takeEvents(10)
    assert.equal(refusalOf(() => allowancesOf(own).takeEvents(1))?.retryAfterSeconds, 6)
    assert.match(refusalOf(() => own.authenticate('a'))!.message, /Too many requests.* 2 a minute/)
  })

  it('does not drift, however often it is asked', () => {
    const own = allowancesOf(limited({ events: 7 }))
    let taken = 0
    const endMs = nowMs + 600_000
    for (; nowMs < endMs; nowMs += 7.3)
      if (refusalOf(() => own.takeEvents(1)) === undefined) taken++
    assert.equal(taken, 7 + 69, 'the minute’s worth, and what came back in ten minutes')
  })
})
