import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Keys } from '../core/access.ts'
import { EventwellError } from '../core/errors.ts'
import { withRequestRate } from './request-rate.ts'

const keys: Keys = {
  authenticate: (key) =>
    key === 'unknown' ? undefined : { workspace: key, scopes: ['read'], isDevelopment: false },
}

/** Asks until the key is refused: how often it was let through, and after how long to come back. */
function exhaust(limited: Keys, key: string): { passed: number; seconds: number | undefined } {
  for (let passed = 0; passed < 10_000; passed++) {
    try {
      limited.authenticate(key)
    } catch (error) {
      assert.ok(error instanceof EventwellError)
      assert.equal(error.code, 'rate_limited')
      return { passed, seconds: error.retryAfterSeconds }
    }
  }
  return { passed: Infinity, seconds: undefined }
}

describe('the rate of requests', () => {
  let nowMs = 0
  const limited = () =>
    withRequestRate(
      keys,
      (workspace) => (workspace.startsWith('free') ? undefined : 30),
      () => nowMs,
    )

  it('is a minute’s worth at once, and then one by one', () => {
    const own = limited()
    assert.deepEqual(exhaust(own, 'a'), { passed: 30, seconds: 2 })
    nowMs += 1999
    assert.deepEqual(exhaust(own, 'a'), { passed: 0, seconds: 1 })
    nowMs += 1
    assert.deepEqual(exhaust(own, 'a'), { passed: 1, seconds: 2 })
    nowMs += 3_600_000
    assert.deepEqual(exhaust(own, 'a'), { passed: 30, seconds: 2 })
  })

  it('is that of each key, and none where none is set', () => {
    const own = limited()
    assert.equal(exhaust(own, 'a').passed, 30)
    assert.equal(exhaust(own, 'b').passed, 30)
    assert.equal(exhaust(own, 'free').passed, Infinity)
  })

  it('does not count those who have no key', () => {
    const own = limited()
    for (let n = 0; n < 100; n++) assert.equal(own.authenticate('unknown'), undefined)
  })

  it('forgets keys that rest, and none that does not', () => {
    const own = limited()
    exhaust(own, 'busy')
    for (let n = 0; n < 3000; n++) own.authenticate(`key-${n}`)
    assert.equal(exhaust(own, 'busy').passed, 0)
    nowMs += 60_000
    own.authenticate('another')
    assert.equal(exhaust(own, 'busy').passed, 30)
  })
})
