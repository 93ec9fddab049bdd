import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { EventwellError } from '../../core/errors.ts'
import type { StoredEvent } from '../../core/event.ts'
import { defaultLimits } from '../../core/limits.ts'
import { EventLog } from '../../core/log.ts'
import { View } from '../../core/view.ts'
import { openMemoryStore } from '../../stores/memory/index.ts'
import { anEvent, type Sent } from './test/door.ts'
import { answerOf, naiveTargets, received } from './test/history.ts'
import { takeEvent } from './targets.ts'
import { targetsPlan } from './targets-view.ts'

// Small pages, so that deriving a target anew takes several.
function newLog(pageEventsMax = 2): EventLog {
  return new EventLog(openMemoryStore(), { ...defaultLimits, pageEventsMax })
}

async function post(log: EventLog, ...events: Sent[]): Promise<void> {
  await log.append('ws', received(events), 'replace')
}

async function eventsOf(log: EventLog): Promise<readonly StoredEvent[]> {
  const found: StoredEvent[] = []
  const query = {
    order: 'position',
    direction: 'forward',
    limit: log.limits.pageEventsMax,
  } as const
  for (let position = 0; ;) {
    const { events, more } = await log.readAfter('ws', { ...query, after: { position } })
    found.push(...events)
    if (!more) return found
    position = events.at(-1)!.position
  }
}

function of(id: string, lock: string, minute: number, more: Sent = {}): Sent {
  const created_at = `2025-04-02T07:${String(minute).padStart(2, '0')}:00Z`
  return anEvent({ id, created_at, generate_gen_lock_id: lock, generate_target: 'go', ...more })
}

const maybe = (value: string) => fc.constantFrom(value, `${value}-2`, undefined)
const posted = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    minute: fc.nat(3),
    generate_gen_lock_id: fc.constantFrom('one', 'one', 'two', 'three', undefined),
    interaction_type: fc.constantFrom('RUN', 'PUBLISH', 'TOMBSTONE'),
    success: fc.boolean(),
    generate_target: fc.constantFrom('go', 'go', undefined),
    hostname: maybe('host'),
    gh_action_run_link: maybe('link'),
    repo_label: maybe('label'),
    publish_package_name: maybe('package'),
  })
  .map(({ id, minute, generate_gen_lock_id, ...more }) => {
    return of(id, 'one', minute, { generate_gen_lock_id, ...more })
  })

describe('the view of targets', () => {
  it('is, after every step of any history, what the events that are left make', async () => {
    const batches = fc.array(fc.array(posted, { minLength: 1, maxLength: 3 }), { maxLength: 15 })
    const property = fc.asyncProperty(
      batches,
      fc.infiniteStream(fc.boolean()),
      async (all, asks) => {
        const log = newLog()
        const plan = targetsPlan()
        const view = new View(log, plan)
        for (const batch of all) {
          await post(log, ...batch)
          // Not asked every time: then it takes in more at once.
          if (asks.next().value) continue
          const targets = await view.of('ws')
          assert.deepEqual(answerOf(targets), naiveTargets(await eventsOf(log)))
          assert.equal(targets.stale.size, 0)
          const text = plan.write(targets)
          assert.deepEqual(plan.read(text), targets)
          assert.equal(plan.write(plan.read(text)), text)
        }
        const want = naiveTargets(await eventsOf(log))
        assert.deepEqual(answerOf(await view.of('ws')), want)
        assert.deepEqual(answerOf(await new View(log, plan).of('ws')), want)
      },
    )
    await fc.assert(property, { numRuns: 300 })
  })

  it('is right also when events come in and others ask while it is read', async () => {
    const batches = fc.array(fc.array(posted, { minLength: 1, maxLength: 4 }), { maxLength: 12 })
    const property = fc.asyncProperty(batches, fc.scheduler(), async (all, scheduler) => {
      const log = newLog()
      const view = new View(log, targetsPlan())
      const steps = all.map((batch) => async () => {
        await scheduler.schedule(post(log, ...batch))
      })
      const asks = all.map(() => async () => {
        const targets = await scheduler.schedule(Promise.resolve()).then(() => view.of('ws'))
        assert.equal(new Set(answerOf(targets).map(({ id }) => id)).size, answerOf(targets).length)
      })
      const work = Promise.all([...steps, ...asks].map((step) => step()))
      await scheduler.waitFor(work)
      assert.deepEqual(answerOf(await view.of('ws')), naiveTargets(await eventsOf(log)))
    })
    await fc.assert(property, { numRuns: 200 })
  })

  it('goes on from its note', async () => {
    const log = newLog(1000)
    const many = Array.from({ length: 2500 }, (_, index) => {
      return of(`e-${index}`, `lock-${index % 7}`, index % 60, { repo_label: `r-${index % 11}` })
    })
    await post(log, ...many)
    const answer = answerOf(await new View(log, targetsPlan()).of('ws'))
    assert.ok(await log.note('ws', 'view/speakeasy-targets'))
    assert.deepEqual(answerOf(await new View(log, targetsPlan()).of('ws')), answer)
    // The event that one rests on, in a state that it was noted to have no longer.
    await post(log, { ...many[2459], created_at: '2020-01-01T00:00:00Z' }, of('new', 'lock-9', 0))
    const fresh = new View(log, { ...targetsPlan(), name: 'another' })
    const next = answerOf(await new View(log, targetsPlan()).of('ws'))
    assert.deepEqual(next, answerOf(await fresh.of('ws')))
    assert.notDeepEqual(next, answer)
  })

  it('derives no target anew for want of a log that answers, but does so later', async () => {
    const plan = targetsPlan()
    const log = newLog()
    await post(log, of('a', 'one', 1), of('b', 'one', 2), of('c', 'one', 3))
    const targets = await new View(log, plan).of('ws')
    await post(log, of('c', 'two', 3))
    for (const event of await eventsOf(log)) takeEvent(targets, event)
    assert.deepEqual([...targets.stale], ['one'])
    let calls = 0
    const failing = Object.assign(Object.create(log) as EventLog, {
      limits: log.limits,
      async readAfter(...[workspace, query]: Parameters<EventLog['readAfter']>) {
        calls += 1
        if (calls > 1) throw new EventwellError('busy', 'Later.')
        return log.readAfter(workspace, query)
      },
    })
    // Two events of one target make a page; the second page is refused.
    await post(log, of('d', 'one', 0))
    await assert.rejects(plan.settle!(targets, failing, 'ws'), { code: 'busy' })
    assert.deepEqual([...targets.stale], ['one'])
    assert.deepEqual(plan.read(plan.write(targets)), targets)
    await plan.settle!(targets, log, 'ws')
    assert.deepEqual([...targets.stale], [])
    assert.deepEqual(answerOf(targets), naiveTargets(await eventsOf(log)))
  })

  it('holds the newest targets within its bounds, and knows all of one that comes back', async () => {
    const log = newLog(1000)
    const view = new View(log, targetsPlan({ targetsMax: 3, charsMax: 1_000_000 }))
    const ids = async () => answerOf(await view.of('ws')).map(({ id }) => id)
    await post(log, of('old', 't-0', 0, { repo_label: 'kept' }))
    for (let index = 1; index <= 9; index++) {
      await post(log, of(`e-${index}`, `t-${index}`, index))
      assert.equal((await ids()).length, Math.min(index + 1, 3))
    }
    assert.deepEqual(await ids(), ['t-9', 't-8', 't-7'])
    await post(log, of('back', 't-0', 20))
    assert.deepEqual(await ids(), ['t-0', 't-9', 't-8'])
    assert.equal(answerOf(await view.of('ws'))[0]!['repo_label'], 'kept')
    const { write, read } = targetsPlan()
    const targets = await view.of('ws')
    assert.deepEqual(read(write(targets)), targets)
    const all = new View(log, targetsPlan({ targetsMax: 3, charsMax: 1_000_000 }))
    assert.deepEqual(answerOf(await all.of('ws')), answerOf(await view.of('ws')))
  })

  it('holds no more characters than its bounds say, but the newest target in any case', async () => {
    const log = newLog(1000)
    const view = new View(log, targetsPlan({ targetsMax: 100, charsMax: 5000 }))
    for (let index = 0; index < 9; index++) {
      await post(log, of(`e-${index}`, `t-${index}`, index, { repo_label: 'x'.repeat(2000) }))
    }
    const targets = await view.of('ws')
    assert.deepEqual(
      answerOf(targets).map(({ id }) => id),
      ['t-8', 't-7'],
    )
    assert.ok(targets.chars <= 5000 && targets.chars > 4000)
    await post(log, of('big', 'big', 30, { repo_label: 'x'.repeat(20_000) }))
    assert.deepEqual(
      answerOf(await view.of('ws')).map(({ id }) => id),
      ['big'],
    )
  })
})
