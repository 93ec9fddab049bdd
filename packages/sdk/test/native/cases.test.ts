import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { scopes } from '../../../server/src/core/access.ts'
import { TestServer } from '../../../server/test/clients/test-server.ts'
import { nativeCases } from '../../../server/test/native-cases.ts'
import { runCase } from '../../../server/test/support/run-case.ts'
import { CaseSender } from './case-sender.ts'

// The cases of the native API, made with the typed client. What it cannot be made to send goes as it is,
// and this is the whole list of why.
const reasons = [
  'a body that is not JSON',
  'a content encoding',
  'a value that the types refuse',
  'an event that the types refuse',
  'an unknown parameter',
  'binary mode',
  'given twice',
  'lines',
  'no key',
  'no operation of the client',
  'one event',
]

describe('the native cases through the client', () => {
  let server: TestServer
  const senders: CaseSender[] = []
  before(async () => {
    server = await TestServer.start()
  })
  after(() => server.close())

  for (const one of nativeCases) {
    it(one.name, async () => {
      const sender = new CaseSender(server.newWorkspace(scopes))
      senders.push(sender)
      await runCase(one, sender.send)
    })
  }

  it('goes as it is only where no typed client could ask so, which is seldom', (context) => {
    const raw = senders.flatMap((sender) => sender.raw)
    const typed = senders.reduce((sum, sender) => sum + sender.typed, 0)
    context.diagnostic(`${typed} steps with typed methods, ${raw.length} as they are`)
    for (const { request, reason } of raw) context.diagnostic(`${reason}: ${request}`)
    assert.deepEqual([...new Set(raw.map(({ reason }) => reason))].toSorted(), reasons)
    assert.ok(typed > 2 * raw.length, `${typed} and ${raw.length}`)
  })
})
