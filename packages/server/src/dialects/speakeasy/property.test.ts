import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import fc from 'fast-check'
import { temporaryFolder } from '../../../test/support/folder.ts'
import { openMemoryStore } from '../../stores/memory/index.ts'
import { openSqliteStore } from '../../stores/sqlite/index.ts'
import { optionalFields, requiredFields, type FieldKind } from './fields.ts'
import { Door, type Sent } from './test/door.ts'

const text = fc.string({ unit: 'binary', maxLength: 60 })
const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 9 })
const offset = fc
  .tuple(fc.constantFrom('+', '-'), fc.nat(23), fc.nat(59))
  .map(([sign, hours, minutes]) => `${sign}${twoDigits(hours)}:${twoDigits(minutes)}`)
const second = fc.date({
  min: new Date('0001-01-02T00:00:00Z'),
  max: new Date('9998-12-30T00:00:00Z'),
  noInvalidDate: true,
})
const time = fc
  .tuple(second, digits, fc.oneof(fc.constant('Z'), offset))
  .map(([date, fraction, zone]) => {
    const parts = fraction === '' ? '' : `.${fraction}`
    return `${date.toISOString().slice(0, 19)}${parts}${zone}`
  })

function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}

function valueOf(kind: FieldKind): fc.Arbitrary<unknown> {
  switch (kind) {
    case 'text':
      return text
    case 'truth':
      return fc.boolean()
    case 'whole':
      return fc.maxSafeInteger()
    case 'time':
      return time
    default:
      return fc.constantFrom(...kind)
  }
}

const names = { ...requiredFields, ...optionalFields }
const known = fc.record(
  {
    ...Object.fromEntries(Object.entries(names).map(([name, kind]) => [name, valueOf(kind)])),
    id: fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
  },
  { requiredKeys: Object.keys(requiredFields) as 'id'[] },
)
const unknown = fc.dictionary(
  fc.string().filter((name) => !Object.hasOwn(names, name)),
  fc.jsonValue().filter((value) => value !== null),
  { maxKeys: 5 },
)
// Through JSON once, so that what is compared is what was sent.
const event = fc
  .tuple(known, unknown)
  .map(([one, other]) => JSON.parse(JSON.stringify({ ...other, ...one })) as Sent)

async function check(door: Door, numRuns: number): Promise<void> {
  let workspaces = 0
  await fc.assert(
    fc.asyncProperty(event, async (sent) => {
      workspaces += 1
      const workspace = `ws-${workspaces}`
      await door.post(workspace, [sent])
      assert.deepEqual(await door.search(workspace), [sent])
    }),
    { numRuns },
  )
}

describe('speakeasy gives any valid event back as it was sent', () => {
  it('from memory', async () => {
    await check(new Door(openMemoryStore()), 300)
  })

  it('from disk', async (t: TestContext) => {
    const folder = temporaryFolder()
    const store = openSqliteStore({ dataFolder: folder.path })
    t.after(async () => {
      await store.close()
      folder.remove()
    })
    await check(new Door(store), 30)
  })
})
