import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { NewEvent } from '../src/core/event.ts'
import { EventLog } from '../src/core/log.ts'
import type { EventStore } from '../src/core/store.ts'
import { View, type ViewPlan } from '../src/core/view.ts'
import { openMemoryStore } from '../src/stores/memory/index.ts'
import { openSqliteStore } from '../src/stores/sqlite/index.ts'
import { temporaryFolder } from './support/folder.ts'
import { NativePart } from './support/native-part.ts'

// The index leaves out what a term has in common with the one before it: these begin like no other.
const secret = 'zyx-4711-marker'
const kept = 'kept-0815-marker'
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const all = { order: 'position', direction: 'forward', limit: 1000 } as const

/** A thousand events, every tenth about the one who wants to be forgotten, every ninth by them. */
const events: readonly (NewEvent & { readonly id: string })[] = Array.from(
  { length: 1000 },
  (_, index) => ({
    source: '/s',
    id: `${index}`,
    type: 't',
    subject: index % 10 === 0 ? secret : index === 5 ? kept : `person-${index}`,
    ...(index % 9 === 0 && { actor: secret }),
    data: index % 10 === 0 ? `{"note":"${secret} was here"}` : '{}',
  }),
)

/** The files below a folder that hold a text. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).toString('latin1').includes(text))
}

/** The subjects of all events that were taken, as a dialect might keep them. */
const idsPlan: ViewPlan<string[]> = {
  name: 'view/subjects',
  version: 1,
  facets: [{ name: 'type', values: ['t'] }],
  begin: () => [],
  take: (state, { subject }) => state.push(subject ?? ''),
  write: (state) => JSON.stringify(state),
  read: (text) => JSON.parse(text) as string[],
}

const folder = temporaryFolder()
const stores: [string, () => EventStore][] = [
  ['memory', () => openMemoryStore()],
  ['sqlite', () => openSqliteStore({ dataFolder: join(folder.path, `${Math.random()}`) })],
]

for (const [name, open] of stores) {
  describe(`erasing from ${name}`, () => {
    it('has all events about a subject gone when it is answered, and tells readers (PROTOCOL 9.2)', async (test) => {
      const store = open()
      test.after(() => store.close())
      const part = new NativePart(store)
      await part.append(events)
      const { status, body } = await part.ask('POST', '/erasures', { subject: secret })
      const erasure = {
        id: '000000000001',
        at: body['at'],
        by: { kind: 'subject', sha256: sha256(secret) },
        events: 100,
        sequence: '0000000000000991',
      }
      assert.deepEqual([status, body], [200, erasure])
      assert.equal((await part.ids()).length, 900)
      assert.deepEqual(await part.ids(`subject=${secret}`), [])
      assert.deepEqual(await part.ids('q=marker'), [])
      assert.equal(await part.log.at('w', 991), undefined)
      assert.equal(await part.log.find('w', { source: '/s', id: '990' }), undefined)
      assert.ok(!JSON.stringify(body).includes(secret))

      const { body: byActor } = await part.ask('POST', '/erasures', { actor: secret })
      assert.deepEqual([byActor['id'], byActor['events']], ['000000000002', 100])
      const identity = { source: '/s', id: '1' }
      const { body: byId } = await part.ask('POST', '/erasures', identity)
      assert.deepEqual(byId['by'], { kind: 'id', sha256: sha256('/s\n1') })
      assert.deepEqual([byId['events'], byId['sequence']], [1, '0000000000000002'])
      const { body: none } = await part.ask('POST', '/erasures', identity)
      assert.deepEqual(
        [none['id'], none['events'], none['sequence']],
        ['000000000004', 0, undefined],
      )

      const listed = await part.ask('GET', '/erasures')
      assert.deepEqual(listed.body, {
        erasures: [none, byId, byActor, erasure],
        cursor: '000000000001',
        more: false,
      })
      const page = await part.ask('GET', '/erasures?limit=2&after=000000000004')
      const cursor = '000000000002'
      assert.deepEqual(page.body, { erasures: [byId, byActor], cursor, more: true })
      const rest = await part.ask('GET', `/erasures?after=${cursor}`)
      const end = '000000000001'
      assert.deepEqual(rest.body, { erasures: [erasure], cursor: end, more: false })
      const beyond = await part.ask('GET', `/erasures?after=${end}`)
      assert.deepEqual(beyond.body, { erasures: [], cursor: end, more: false })
      // What is sent again is new.
      await part.append(events.slice(0, 1))
      assert.deepEqual(await part.ids(`subject=${secret}`), ['0'])
    })

    it('has what was derived from them gone, too (PROTOCOL 9.2)', async (test) => {
      const store = open()
      test.after(() => store.close())
      const log = new EventLog(store)
      const many = Array.from({ length: 2500 }, (_, index) => {
        const subject = index % 100 === 0 ? secret : 'x'
        return { source: '/s', id: `${index}`, type: 't', subject }
      })
      await log.append('w', many, 'refuse')
      const view = new View(log, idsPlan)
      assert.equal((await view.of('w')).length, 2500)
      assert.ok((await log.note('w', 'view/subjects'))!.includes(secret))
      await log.erasures.erase('w', { kind: 'subject', value: secret })
      assert.deepEqual([...(await store.notes('w', 'view/')).keys()], [])
      assert.equal((await view.of('w')).includes(secret), false)
      assert.equal((await view.of('w')).length, 2475)
    })

    it('leaves no note that was on its way meanwhile', async (test) => {
      const store = open()
      test.after(() => store.close())
      const erased = Promise.withResolvers<void>()
      const noting = Promise.withResolvers<void>()
      const log = new EventLog({
        ...store,
        async putNote(workspace, noteName, text) {
          if (noteName === idsPlan.name && text !== undefined) {
            noting.resolve()
            await erased.promise
          }
          return store.putNote(workspace, noteName, text)
        },
      })
      const many = Array.from({ length: 2500 }, (_, index) => {
        return { source: '/s', id: `${index}`, type: 't', subject: secret }
      })
      await log.append('w', many, 'refuse')
      const viewed = new View(log, idsPlan).of('w')
      await noting.promise
      await log.erasures.erase('w', { kind: 'subject', value: secret })
      erased.resolve()
      await viewed
      assert.deepEqual([...(await store.notes('w', 'view/')).keys()], [])
    })

    it('is finished by the next start, or by asking again, when it broke off (PROTOCOL 9.2)', async (test) => {
      const store = open()
      test.after(() => store.close())
      await new EventLog(store).append('w', events, 'refuse')
      const target = { kind: 'subject', value: secret } as const
      // It fails before, at and after each thing that it does.
      const calls = ['remove', 'putNote', 'notes'] as const
      for (const call of calls) {
        for (let fine = 0; fine < 4; fine++) {
          for (const when of ['before', 'after'] as const) {
            let left = fine
            const failing: EventStore = {
              ...store,
              async [call](...given: Parameters<EventStore[typeof call]>) {
                left -= 1
                if (left < 0 && when === 'before') throw new Error('The power is gone.')
                const result = await (store[call] as (...all: unknown[]) => unknown)(...given)
                if (left < 0) throw new Error('The power is gone.')
                return result
              },
            }
            const back = events.filter(({ subject }) => subject === secret)
            await store.append('w', back, 'refuse')
            const outcome = await new EventLog(failing).erasures.erase('w', target).then(
              () => 'done',
              () => 'failed',
            )
            const restarted = new EventLog(store)
            const hasBegun = (await store.notes('w', 'erasing/')).size > 0
            if (fine % 2 === 0 || !hasBegun) {
              if (outcome === 'failed') await restarted.erasures.erase('w', target)
            } else await restarted.erasures.finish('w')
            const place = `${call} ${when} ${fine}`
            const { events: left2 } = await restarted.read('w', {
              ...all,
              facets: [{ name: 'subject', values: [secret] }],
            })
            assert.deepEqual(left2, [], place)
            const [newest] = (await restarted.erasures.list('w', 1)).erasures
            assert.equal((await store.notes('w', 'erasing/')).size, 0, place)
            assert.ok(newest!.events === 100 || newest!.events === 0, `${place}: ${newest!.events}`)
          }
        }
      }
    })

    it('tells how many went in all, and how far, though it broke off', async (test) => {
      const store = open()
      test.after(() => store.close())
      const log = new EventLog({
        ...store,
        async remove(...given) {
          await store.remove(...given)
          throw new Error('The power is gone.')
        },
      })
      await log.append('w', events, 'refuse')
      await assert.rejects(log.erasures.erase('w', { kind: 'subject', value: secret }), /power/)
      const [finished] = await new EventLog(store).erasures.finish('w')
      assert.deepEqual([finished?.events, finished?.last], [100, 1000])
    })

    it('has gone what was derived between two of its parts', async (test) => {
      const store = open()
      test.after(() => store.close())
      let derived: readonly string[] = []
      const log: EventLog = new EventLog({
        ...store,
        async remove(workspace, removal, reason, after) {
          if (after > 0 || derived.length > 0) {
            return store.remove(workspace, removal, reason, after)
          }
          const nobody = { identity: { source: '/s', id: 'nobody' } }
          await store.remove(workspace, nobody, reason, 0)
          derived = [...(await view.of('w'))]
          return { events: 0, last: 0, next: 1 }
        },
      })
      const view = new View(log, idsPlan)
      await log.append('w', events.slice(1, 31), 'refuse')
      await log.erasures.erase('w', { kind: 'subject', value: secret })
      assert.ok(derived.includes(secret))
      assert.equal((await view.of('w')).includes(secret), false)
    })

    it('leaves what comes in after it was asked for (PROTOCOL 9.2)', async (test) => {
      const store = open()
      test.after(() => store.close())
      const late = { ...events[0]!, id: 'late' }
      let isAppended = false
      const log = new EventLog({
        ...store,
        async remove(...args) {
          if (!isAppended) await store.append('w', [late], 'refuse')
          isAppended = true
          return store.remove(...args)
        },
      })
      await log.append('w', events, 'refuse')
      const target = { kind: 'subject', value: secret } as const
      const { events: count, last } = await log.erasures.erase('w', target)
      assert.deepEqual([count, last], [100, 991])
      assert.equal((await log.find('w', late))?.position, 1001)
    })

    it('does one after the other', async (test) => {
      const store = open()
      test.after(() => store.close())
      let running = 0
      let most = 0
      const part = new NativePart({
        ...store,
        async remove(...given) {
          most = Math.max(most, (running += 1))
          const result = await store.remove(...given)
          running -= 1
          return result
        },
      })
      await part.append(events)
      const answers = await Promise.all(
        [{ subject: secret }, { actor: secret }, { subject: 'person-1' }].map((body) =>
          part.ask('POST', '/erasures', body),
        ),
      )
      assert.equal(most, 1)
      assert.deepEqual(
        answers.map(({ body }) => [body['id'], body['events']]),
        [
          ['000000000001', 100],
          ['000000000002', 100],
          ['000000000003', 1],
        ],
      )
    })

    const wrong: [string, unknown, string][] = [
      ['nothing', {}, 'invalid_query'],
      ['half an identity', { id: '1' }, 'invalid_query'],
      ['two targets', { subject: 'a', actor: 'b' }, 'invalid_query'],
      ['another member', { subject: 'a', really: true }, 'invalid_query'],
      ['no subject at all', { subject: '' }, 'invalid_query'],
      ['a subject that is none', { subject: ['a'] }, 'invalid_query'],
      ['a type', { type: 'a' }, 'invalid_query'],
      ['a list', [{ subject: 'a' }], 'invalid_query'],
      ['no JSON', '{', 'invalid_json'],
    ]
    it('refuses what names no one target, and erases nothing (PROTOCOL 9.2)', async (test) => {
      const store = open()
      test.after(() => store.close())
      const part = new NativePart(store)
      await part.append(events)
      for (const [what, body, code] of wrong) {
        const answer = await part.ask('POST', '/erasures', body as object)
        assert.deepEqual([answer.status, answer.body['code']], [400, code], what)
      }
      for (const query of ['limit=0', 'limit=1001', 'after=1', 'before=000000000001']) {
        const answer = await part.ask('GET', `/erasures?${query}`)
        assert.equal(answer.body['parameter'], query.split('=')[0])
      }
      const lacking = await part.ask('POST', '/erasures', { subject: secret }, 'w-erase')
      assert.equal(lacking.status, 403)
      assert.equal((await part.ask('GET', '/erasures', undefined, 'w-erase')).status, 200)
      assert.equal((await part.ids()).length, 1000)
      const cursor = '000000000000'
      const nothing = { erasures: [], cursor, more: false }
      assert.deepEqual((await part.ask('GET', '/erasures')).body, nothing)
      assert.deepEqual((await part.ask('GET', `/erasures?after=${cursor}`)).body, nothing)
      assert.equal((await part.ask('GET', '/erasures?after=1')).body['code'], 'invalid_cursor')
    })
  })
}

describe('what was erased', () => {
  it('is in no file of the data folder any more (PROTOCOL 9.2)', async (test) => {
    const dataFolder = join(folder.path, 'grepped')
    const store = openSqliteStore({ dataFolder })
    test.after(async () => {
      await store.close()
      folder.remove()
    })
    const part = new NativePart(store)
    await part.append(events)
    const view = new View(part.log, idsPlan)
    await view.of('w')
    await part.log.putNote('w', 'view/other', JSON.stringify({ secret }))
    assert.notDeepEqual(filesWith(dataFolder, secret), [])
    await part.ask('POST', '/erasures', { actor: secret })
    await part.ask('POST', '/erasures', { subject: secret })
    assert.deepEqual(filesWith(dataFolder, secret), [])
    await part.append(events.slice(1, 9))
    await store.close()
    assert.deepEqual(filesWith(dataFolder, secret), [])
    assert.notDeepEqual(filesWith(dataFolder, kept), [])
  })
})
