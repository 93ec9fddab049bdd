import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { farFromUtc } from '../../test/support/time-zone.ts'
import type { CliEvent, StoredCliEvent } from './cli-event.ts'
import { decodeEvents, decodeTargets } from './decode.ts'
import { encodeEvents } from './encode.ts'
import {
  generateBumpTypes,
  interactionTypes,
  openapiDiffBumpTypes,
  type GenerateBumpType,
  type InteractionType,
  type Open,
} from './enums.ts'
import {
  cliEventFields,
  cliEventRequired,
  targetFields,
  targetRequired,
  wireName,
} from './fields.ts'
import type { Target } from './target.ts'

/** `true` when two types are the same, `false` otherwise. */
type Equal<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false
type RequiredOf<T> = { [Name in keyof T]-?: undefined extends T[Name] ? never : Name }[keyof T]
const holds = <Claim extends true>(claim: Claim): void => assert.ok(claim)

const minimal: CliEvent = {
  id: 'e-1',
  executionId: 'x-1',
  workspaceId: 'orchard',
  speakeasyApiKeyName: '',
  interactionType: 'CLI_EXEC',
  localStartedAt: new Date('2025-04-02T07:15:00.250Z'),
  createdAt: new Date('2025-04-02T07:15:00.251Z'),
  speakeasyVersion: '1.542.3',
  success: false,
}
const minimalWire = {
  created_at: '2025-04-02T07:15:00.251Z',
  execution_id: 'x-1',
  id: 'e-1',
  interaction_type: 'CLI_EXEC',
  local_started_at: '2025-04-02T07:15:00.250Z',
  speakeasy_api_key_name: '',
  speakeasy_version: '1.542.3',
  success: false,
  workspace_id: 'orchard',
}

describe('The types', () => {
  it('have the fields of the contract', () => {
    assert.deepEqual([Object.keys(cliEventFields).length, cliEventRequired.length], [82, 9])
    assert.deepEqual([Object.keys(targetFields).length, targetRequired.length], [45, 6])
  })

  it('ask for the required fields, and no others', () => {
    holds<Equal<RequiredOf<CliEvent>, (typeof cliEventRequired)[number]>>(true)
    holds<Equal<RequiredOf<StoredCliEvent>, (typeof cliEventRequired)[number]>>(true)
    holds<Equal<RequiredOf<Target>, (typeof targetRequired)[number]>>(true)
  })

  it('have closed lists to send, and open ones to read', () => {
    holds<Equal<CliEvent['interactionType'], InteractionType>>(true)
    holds<Equal<NonNullable<CliEvent['generateBumpType']>, GenerateBumpType>>(true)
    holds<Equal<StoredCliEvent['interactionType'], Open<InteractionType>>>(true)
    holds<'SOMETHING_NEW' extends StoredCliEvent['interactionType'] ? true : false>(true)
    holds<'SOMETHING_NEW' extends CliEvent['interactionType'] ? false : true>(true)
    assert.deepEqual(
      [interactionTypes.length, generateBumpTypes.length, openapiDiffBumpTypes.length],
      [12, 7, 4],
    )
  })

  it('have names that are those of the wire in camel case', () => {
    assert.equal(wireName('generateGenLockPreDocChecksum'), 'generate_gen_lock_pre_doc_checksum')
    const wire = Object.keys(cliEventFields).map(wireName)
    assert.deepEqual(wire, wire.toSorted())
    assert.equal(new Set(wire).size, 82)
  })
})

describe('Encoding', () => {
  it('a minimal event', () => {
    assert.equal(encodeEvents([minimal]), JSON.stringify([minimalWire]))
  })

  it('leaves out what is undefined, and sends further fields at the end', () => {
    const event = { ...minimal, error: undefined, extra: { new_field: { a: [null] } } }
    assert.equal(
      encodeEvents([event]),
      JSON.stringify([{ ...minimalWire, new_field: { a: [null] } }]),
    )
  })

  const refused: readonly [what: string, more: object, error: RegExp][] = [
    [
      'a required field that is missing',
      { createdAt: undefined },
      /^TypeError: events\[1\]\.createdAt is missing/,
    ],
    [
      'null in a required field',
      { success: null },
      /^TypeError: events\[1\]\.success must be a boolean/,
    ],
    [
      'a field that there is not',
      { createdat: 1 },
      /^TypeError: events\[1\]\.createdat is no field/,
    ],
    ['a name of the wire', { created_at: 1 }, /^TypeError: events\[1\]\.created_at is no field/],
    [
      'a text for a time',
      { createdAt: '2025-04-02' },
      /^TypeError: events\[1\]\.createdAt must be a Date/,
    ],
    ['an invalid Date', { createdAt: new Date(NaN) }, /^RangeError: .*Date that is no time/],
    ['a year of five digits', { createdAt: new Date(8e15) }, /^RangeError: .*1 to 9999/],
    ['the year 0', { createdAt: new Date('0000-12-31T23:59:59Z') }, /^RangeError: .*1 to 9999/],
    ['a fraction', { durationMs: 0.5 }, /^RangeError: .*durationMs must be a whole number/],
    ['a rounded number', { durationMs: 2 ** 53 }, /^RangeError: .*durationMs/],
    ['a text for a number', { durationMs: '5' }, /^TypeError: .*durationMs must be a number/],
    ['a number for a text', { error: 5 }, /^TypeError: .*error must be a string/],
    [
      'a value of no list',
      { interactionType: 'NOPE' },
      /^RangeError: .*interactionType must be one of CI_EXEC/,
    ],
    [
      'a bump that only generations have',
      { openapiDiffBumpType: 'custom' },
      /^RangeError: .*openapiDiffBumpType/,
    ],
    [
      'a field of its own in extra',
      { extra: { duration_ms: 5 } },
      /^TypeError: .*extra\.duration_ms/,
    ],
    ['a Map as extra', { extra: new Map([['a', 1]]) }, /^TypeError: .*extra must be a plain/],
  ]
  for (const [what, more, error] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => encodeEvents([minimal, { ...minimal, ...more } as CliEvent]), error)
    })
  }

  it('refuses what is no event', () => {
    assert.throws(() => encodeEvents({} as CliEvent[]), TypeError)
    assert.throws(() => encodeEvents([null] as unknown as CliEvent[]), TypeError)
  })
})

describe('Reading', () => {
  // Times without a zone must not be read as those of the machine.
  farFromUtc()

  const cases: readonly [what: string, wire: object, want: object][] = [
    ['null as absence', { error: null, duration_ms: null }, {}],
    [
      'a value that was added to a list since',
      { interaction_type: 'DREAM' },
      { interactionType: 'DREAM' },
    ],
    [
      'times with zones, fractions and none',
      { local_completed_at: '2025-04-02T09:15:00.250999+02:00' },
      { localCompletedAt: minimal.localStartedAt },
    ],
    [
      'the naive times of Python',
      { local_completed_at: '2025-04-02T07:15:00.250' },
      { localCompletedAt: minimal.localStartedAt },
    ],
    [
      'fields that are not known',
      { new_field: null, other: [1] },
      { extra: { new_field: null, other: [1] } },
    ],
    [
      'values of a wrong type',
      { duration_ms: 'long', hostname: 5 },
      { extra: { duration_ms: 'long', hostname: 5 } },
    ],
    [
      'a text that is no time',
      { local_completed_at: 'soon 5', last: 1 },
      { extra: { local_completed_at: 'soon 5', last: 1 } },
    ],
  ]
  for (const [what, wire, want] of cases) {
    it(what, () => {
      assert.deepEqual(decodeEvents([{ ...minimalWire, ...wire }]), [{ ...minimal, ...want }])
    })
  }

  for (const [what, answer, message] of [
    ['what is no array', {}, 'it is no array'],
    ['what holds no objects', [5], '[0] is no object'],
    [
      'an event without an id',
      [minimalWire, { ...minimalWire, id: null }],
      '[1] has no id, or one that is not of its type',
    ],
    [
      'a time that is none',
      [{ ...minimalWire, created_at: 'today' }],
      '[0] has no created_at, or one that is not of its type',
    ],
  ] as const) {
    it(`refuses ${what}`, () =>
      assert.throws(() => decodeEvents(answer), { name: 'TypeError', message }))
  }

  it('a target', () => {
    const wire = {
      generate_gen_lock_id: 'lock',
      generate_target: 'typescript',
      id: 'lock',
      last_event_created_at: '2025-04-02T07:15:00.251Z',
      last_event_id: 'e-1',
      last_event_interaction_type: 'PUBLISH',
      last_publish_created_at: '2025-04-02T07:15:00.251Z',
      success: true,
      total_events: 5,
    }
    const want: Target = {
      generateGenLockId: 'lock',
      generateTarget: 'typescript',
      id: 'lock',
      lastEventCreatedAt: minimal.createdAt,
      lastEventId: 'e-1',
      lastEventInteractionType: 'PUBLISH',
      lastPublishCreatedAt: minimal.createdAt,
      success: true,
      extra: { total_events: 5 },
    }
    assert.deepEqual(decodeTargets([wire]), [want])
    assert.throws(
      () => decodeTargets([{ ...wire, last_event_id: undefined }]),
      /\[0\] has no last_event_id/,
    )
  })
})

describe('Whatever an event holds', () => {
  const valueOf = (kind: unknown): fc.Arbitrary<unknown> => {
    if (kind === 'text') return fc.string({ unit: 'binary' })
    if (kind === 'whole') return fc.maxSafeInteger()
    if (kind === 'truth') return fc.boolean()
    if (kind === 'time') {
      const [min, max] = [new Date('0001-01-01T00:00:00Z'), new Date('9999-12-31T23:59:59.999Z')]
      return fc.date({ min, max, noInvalidDate: true })
    }
    return fc.constantFrom(...(kind as readonly string[]))
  }
  const fields = Object.entries(cliEventFields).map(([name, kind]) => [name, valueOf(kind)])
  const wire = new Set(Object.keys(cliEventFields).map(wireName))
  const name = fc.oneof(fc.string(), fc.constant('__proto__')).filter((one) => !wire.has(one))
  const extra = fc.dictionary(
    name,
    fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown),
    { minKeys: 1, noNullPrototype: true },
  )
  const event: fc.Arbitrary<CliEvent> = fc.record(
    { ...(Object.fromEntries(fields) as Record<keyof CliEvent, fc.Arbitrary<unknown>>), extra },
    { requiredKeys: [...cliEventRequired], noNullPrototype: true },
  ) as unknown as fc.Arbitrary<CliEvent>

  it('comes back as it was', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 3 }), (events) => {
        assert.deepEqual(decodeEvents(JSON.parse(encodeEvents(events))), events)
      }),
    )
  })
})
