import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Bucket } from './bucket.ts'

// Most rates have no exact number of milliseconds for each token; none may be lost by that.
const rates = [1, 3, 7, 11, 13, 30, 49, 97, 600, 997, 1009]
const startMs = 1_234_567_890.123

describe('a bucket', () => {
  for (const most of rates) {
    it(`of ${most} has ${most} at once, says so, and has them again after a minute`, () => {
      const bucket = new Bucket(most)
      for (const nowMs of [startMs, startMs + 60_000, startMs + 120_000.1]) {
        assert.ok(bucket.isFull(nowMs))
        for (let left = most; left > 0; left--) {
          assert.equal(bucket.at(nowMs).left, left)
          assert.equal(bucket.take(1, nowMs), 0)
        }
        assert.deepEqual(bucket.at(nowMs), { most, left: 0, resetSeconds: 60 })
        assert.ok(bucket.take(1, nowMs) > 0)
        assert.ok(!bucket.isFull(nowMs + 59_999))
      }
    })
  }
})
