import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { Courier, type CourierRules } from '../../src/disk/courier.ts'
import { Spool } from '../../src/disk/spool.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { temporaryFolder } from './folder.ts'

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
  context.after(async () => {
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
