import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { describe, it, type TestContext } from 'node:test'
import fc from 'fast-check'
import { Courier, type CourierRules } from '../../src/disk/courier.ts'
import { isSpoolDamageError } from '../../src/disk/errors.ts'
import { Spool } from '../../src/disk/spool.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { atEnd, recordFiles, temporaryFolder } from './folder.ts'

const never = new Promise<never>(() => {})

/** A clock that stands still, and what was waited for on it. */
class StillClock extends ManualClock {
  override sleep(delayMs: number, signal: AbortSignal): Promise<void> {
    this.sleptMs.push(delayMs)
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  }
}

async function opened(
  context: TestContext,
  rules: Partial<CourierRules>,
  left: readonly string[] = [],
): Promise<{ spool: Spool; courier: Courier; delivered: string[][] }> {
  const spool = await Spool.open(temporaryFolder(context), {
    onFault: (error) => assert.fail(String(error)),
  })
  await spool.add(left)
  const delivered: string[][] = []
  const courier = new Courier(spool, {
    recordsMax: 3,
    bytesMax: 1e6,
    lingerMs: 0,
    deliver: async (records) => {
      delivered.push([...records])
      return { finished: records.length }
    },
    delayMs: () => assert.fail('nothing failed'),
    onFault: (error) => assert.fail(String(error)),
    ...rules,
  })
  atEnd(context, async () => {
    await courier.close()
    await spool.close()
  })
  return { spool, courier, delivered }
}

describe('a courier', () => {
  it('brings records in order, in batches, and says when they are there', async (context) => {
    const { spool, courier, delivered } = await opened(context, {})
    await courier.flush()
    await spool.add(['a', 'b', 'c', 'd'])
    await courier.flush()
    assert.deepEqual(delivered, [['a', 'b', 'c'], ['d']])
    await courier.flush()
    assert.equal(spool.size.records, 0)
  })

  it('flushes also what is being added, though some of it fails', async (context) => {
    const { spool, courier, delivered } = await opened(context, {})
    const adds = [spool.add(['a']), spool.add(['b']), spool.add(['no\ttab'])]
    await Promise.all([courier.flush(), Promise.allSettled(adds)])
    assert.deepEqual([delivered, spool.size.records], [[['a', 'b']], 0])
  })

  it('waits no longer than its signal for what is being added', async (context) => {
    const { spool, courier } = await opened(context, {})
    const stuck = context.mock.method(spool, 'settled', () => never)
    const leaving = new AbortController()
    const flushed = courier.flush(leaving.signal)
    leaving.abort(new Error('enough'))
    await assert.rejects(flushed, /enough/)
    assert.equal(stuck.mock.callCount(), 1)
  })

  it('waits for company, but not with a full batch or what was left over', async (context) => {
    const clock = new StillClock()
    const { spool, courier, delivered } = await opened(context, { lingerMs: 5000, clock }, ['old'])
    await courier.flush()
    assert.deepEqual(delivered, [['old']])
    await spool.add(['a', 'b'])
    courier.wake()
    // It sleeps before the next turn of the event loop, or it would have delivered.
    await new Promise(setImmediate)
    assert.deepEqual([delivered.length, clock.sleptMs.at(-1)], [1, 5000])
    await spool.add(['c', 'd'])
    await courier.flush()
    assert.deepEqual(delivered.slice(1), [['a', 'b', 'c'], ['d']])
    await spool.add(['e'])
    courier.setLinger(9000)
    while (spool.size.records > 0) await new Promise(setImmediate)
    assert.deepEqual(delivered.at(-1), ['e'])
  })

  it('tries again after a pause, longer each time, and begins anew after a success', async (context) => {
    const clock = new ManualClock()
    const faults: unknown[] = []
    const answers = ['no', 'no', 'yes', 'some', 'no', 'yes']
    const { spool, courier } = await opened(context, {
      clock,
      deliver: async (records) => {
        const answer = answers.shift()
        if (answer === 'yes') return { finished: records.length }
        if (answer === 'some') return { finished: 1, error: new Error('some') }
        throw new Error('no')
      },
      delayMs: (_, failures) => failures * 100,
      onFault: (error, delayMs) => faults.push([(error as Error).message, delayMs]),
    })
    await spool.add(['a'])
    await courier.flush()
    await spool.add(['b', 'c'])
    await courier.flush()
    assert.deepEqual(faults, [
      ['no', 100],
      ['no', 200],
      ['some', 100],
      ['no', 200],
    ])
    assert.deepEqual(clock.sleptMs, [100, 200, 100, 200])
  })

  it('waits no longer than it should where the clock is set back', async (context) => {
    class WrongClock extends StillClock {
      backMs = 0
      override now(): number {
        return super.now() - this.backMs
      }
    }
    const clock = new WrongClock()
    const { spool, courier } = await opened(context, { lingerMs: 5000, clock })
    await spool.add(['a'])
    courier.wake()
    await new Promise(setImmediate)
    clock.backMs = 3_600_000
    await spool.add(['b'])
    courier.wake()
    await new Promise(setImmediate)
    assert.deepEqual(clock.sleptMs, [5000, 5000])
  })

  it('waits 100 ms after a failure at least, and pauses when nothing can be read', async () => {
    const clock = new ManualClock()
    const faults: string[] = []
    const told = Promise.withResolvers<void>()
    const spool = {
      size: { records: 1, bytes: 1 },
      passed: 0,
      next: async () => undefined,
      done: async () => undefined,
      settled: async () => undefined,
    }
    const courier = new Courier(spool, {
      recordsMax: 1,
      bytesMax: 1,
      lingerMs: 0,
      deliver: async () => assert.fail('there is nothing to deliver'),
      delayMs: () => 0,
      onFault: (error) => {
        faults.push((error as Error).message)
        if (faults.length === 3) told.resolve()
      },
      clock,
    })
    await told.promise
    await courier.close()
    assert.match(faults[0]!, /Nothing can be read/)
    assert.deepEqual(clock.sleptMs.slice(0, 2), [100, 100])
  })

  it('ends in the middle of a delivery, and of a flush', { timeout: 5000 }, async (context) => {
    const { spool, courier } = await opened(context, {
      deliver: (_, signal) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason)),
        ),
    })
    await spool.add(['a'])
    const flushed = courier.flush()
    const ended = assert.rejects(flushed, /closed before everything was sent/)
    await courier.close()
    await ended
    await assert.rejects(courier.flush(), /closed/)
    assert.equal(spool.size.records, 1)
  })

  it('lets go of one who no longer waits', { timeout: 5000 }, async (context) => {
    const started = Promise.withResolvers<void>()
    const { spool, courier } = await opened(context, {
      deliver: (_, signal) => {
        started.resolve()
        const ended = new Promise<never>((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason)),
        )
        return Promise.race([never, ended])
      },
    })
    await spool.add(['a'])
    const controller = new AbortController()
    const flushed = courier.flush(controller.signal)
    await started.promise
    controller.abort(new Error('enough'))
    await assert.rejects(flushed, /enough/)
    await assert.rejects(courier.flush(AbortSignal.abort(new Error('before'))), /before/)
  })
})

describe('any damage while a courier is at work', () => {
  const records = Array.from({ length: 40 }, (_, at) => `${at}-${'x'.repeat(at % 7)}`)
  const damages = fc.array(
    fc.record({
      file: fc.nat(9),
      how: fc.oneof(
        fc.record({ flip: fc.nat(200), bit: fc.nat(7) }),
        fc.record({ cut: fc.nat(200) }),
        fc.constant({ remove: true as const }),
        fc.record({ noise: fc.uint8Array({ maxLength: 60 }), at: fc.nat(200) }),
      ),
    }),
    { minLength: 1, maxLength: 3 },
  )
  type Damage = typeof damages extends fc.Arbitrary<readonly (infer T)[]> ? T : never

  function damage(folder: string, { file, how }: Damage): void {
    const files = recordFiles(folder)
    const path = files[file % files.length]
    if (path === undefined) return
    const bytes = readFileSync(path)
    if ('remove' in how) rmSync(path)
    else if ('cut' in how) writeFileSync(path, bytes.subarray(0, how.cut))
    else if ('flip' in how) {
      bytes[how.flip % bytes.length]! ^= 1 << how.bit
      writeFileSync(path, bytes)
    } else {
      bytes.set(
        how.noise.subarray(0, Math.max(0, bytes.length - how.at)),
        Math.min(how.at, bytes.length),
      )
      writeFileSync(path, bytes)
    }
  }

  const whenDamaged = [true, false].map((isReopened) => [isReopened] as const)
  for (const [isReopened] of whenDamaged) {
    const when = isReopened ? 'and opened again' : 'while it is open'
    it(`is told ${when}; the rest comes in order, and flush ends`, async (context) => {
      const run = async (some: readonly Damage[], sentFirst: number) => {
        const folder = temporaryFolder(context)
        const faults: unknown[] = []
        const options = { onFault: (error: unknown) => faults.push(error), segmentBytes: 150 }
        let spool = await Spool.open(folder, options)
        for (const record of records) await spool.add([record])
        const first = await spool.next({ recordsMax: sentFirst, bytesMax: 1e6 })
        await spool.done(first?.mark ?? 0)
        const expected = records.slice(first?.records.length ?? 0)
        if (isReopened) await spool.close()
        for (const one of some) damage(folder, one)
        if (isReopened) spool = await Spool.open(folder, options)
        const delivered: string[] = []
        const courier = new Courier(spool, {
          recordsMax: 3,
          bytesMax: 1e6,
          lingerMs: 0,
          deliver: async (batch) => {
            delivered.push(...batch)
            return { finished: batch.length }
          },
          delayMs: () => 100,
          onFault: (error) => faults.push(error),
        })
        await courier.flush()
        assert.deepEqual(spool.size, { records: 0, bytes: 0 })
        // Where the note says is no line any more, what was done comes again.
        const possible = isReopened ? records : expected
        const got = new Set(delivered)
        assert.deepEqual(
          delivered,
          possible.filter((record) => got.has(record)),
        )
        // A file that is gone, or torn in its last line, says nothing to the next one who opens the folder.
        const hasLost = expected.some((record) => !got.has(record))
        assert.ok(isReopened || faults.length > 0 || !hasLost)
        await spool.add(['after'])
        courier.wake()
        await courier.flush()
        assert.equal(delivered.at(-1), 'after')
        await courier.close()
        await spool.close()
        assert.ok(faults.every(isSpoolDamageError))
      }
      await fc.assert(fc.asyncProperty(damages, fc.nat(20), run), { numRuns: 120 })
    })
  }
})
