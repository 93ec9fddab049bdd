import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Type, type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import { isJsonObject, type JsonObject } from '../../core/json/json.ts'
import { parseMs } from '../../core/time.ts'
import { catalogue, retiredNames, seedNames } from './catalogue.ts'
import { time } from './payload-parts.ts'
import * as access from './payloads-access.ts'
import * as directory from './payloads-directory.ts'
import * as identity from './payloads-identity.ts'

type Path = string[]

const families = Object.entries({ ...access, ...directory, ...identity })
const aTime = '2026-03-01T10:00:00.000Z'

/** The smallest value that a schema takes: no optional keys, the first of every choice. */
function minimal(schema: TSchema): unknown {
  if (Type.IsObject(schema)) {
    const required = requiredKeys(schema)
    return Object.fromEntries(required.map((key) => [key, minimal(schema.properties[key]!)]))
  }
  if (Type.IsUnion(schema)) return minimal(schema.anyOf[0]!)
  if (Type.IsArray(schema)) return [minimal(schema.items)]
  if (Type.IsLiteral(schema)) return schema.const
  if (Type.IsRecord(schema)) return {}
  if (Type.IsBoolean(schema)) return false
  if (Type.IsInteger(schema)) return 0
  assert.ok(Type.IsString(schema), `nothing to make of ${JSON.stringify(schema)}`)
  return schema === time ? aTime : ''
}

function requiredKeys(schema: TSchema): string[] {
  return 'required' in schema ? (schema.required as string[]) : []
}

/** The way to every key of a value, through arrays and objects. */
function pathsOf(value: unknown, before: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = [...before, key]
    const inside = pathsOf(inner, path)
    return Array.isArray(value) ? inside : [path].concat(inside)
  })
}

/** A copy in which a key is gone, or has another value. */
function changed(value: unknown, path: Path, change: (parent: JsonObject, key: string) => void) {
  const copy = structuredClone(value)
  const parent = path.slice(0, -1).reduce((inner, key) => (inner as JsonObject)[key], copy)
  change(parent as JsonObject, path.at(-1)!)
  return copy
}

describe('workos catalogue', () => {
  it('has the 111 names of the specification, each with a schema', () => {
    assert.equal(catalogue.size, 111)
    for (const [name, schema] of catalogue) {
      assert.match(name, /^[a-z_]+(\.[a-z_]+)+$/)
      assert.ok(Type.IsObject(schema), name)
    }
    assert.deepEqual([...catalogue.keys()], [...catalogue.keys()].toSorted())
  })

  const counts: readonly (readonly [prefix: string, count: number])[] = [
    ['action.', 2],
    ['agent.', 9],
    ['api_key.', 3],
    ['authentication.', 18],
    ['connection.', 5],
    ['dsync.', 12],
    ['email_verification.', 1],
    ['flag.', 4],
    ['group.', 5],
    ['invitation.', 4],
    ['magic_auth.', 1],
    ['organization.', 3],
    ['organization_domain.', 5],
    ['organization_membership.', 3],
    ['organization_role.', 3],
    ['password_reset.', 2],
    ['permission.', 3],
    ['pipes.', 4],
    ['radar.', 1],
    ['role.', 3],
    ['session.', 2],
    ['user.', 3],
    ['vault.', 12],
    ['waitlist_user.', 3],
  ]
  for (const [prefix, count] of counts) {
    it(`has ${count} of ${prefix}*`, () => {
      const names = [...catalogue.keys()].filter((name) => name.startsWith(prefix))
      assert.equal(names.length, count)
    })
  }

  it('counts every name once', () => {
    assert.equal(
      counts.reduce((sum, [, count]) => sum + count, 0),
      catalogue.size,
    )
  })

  // What a payload says it is, by the beginning of its names; the longest beginning counts. Each keeps a name
  // from standing beside another family's shape.
  const objects: Readonly<Record<string, string | undefined>> = {
    'action.': undefined,
    'agent.registration.': undefined,
    'agent.registration.created': 'agent_registration',
    'agent.registration.claim.attempt.created': 'agent_registration_claim_attempt',
    'agent.registration.claim.completed': 'agent_registration_claim',
    'agent.registration.credential.issued': 'agent_registration_credential',
    'api_key.': 'api_key',
    'authentication.': undefined,
    'connection.': 'connection',
    'connection.saml_': undefined,
    'dsync.': 'directory',
    'dsync.group.': 'directory_group',
    'dsync.group.user_': undefined,
    'dsync.token.': 'directory_token',
    'dsync.user.': 'directory_user',
    'email_verification.': 'email_verification',
    'flag.': 'feature_flag',
    'group.': 'group',
    'group.member_': undefined,
    'invitation.': 'invitation',
    'magic_auth.': 'magic_auth',
    'organization.': 'organization',
    'organization_domain.': 'organization_domain',
    'organization_domain.verification_failed': undefined,
    'organization_membership.': 'organization_membership',
    'organization_role.': 'organization_role',
    'password_reset.': 'password_reset',
    'permission.': 'permission',
    'pipes.': 'connected_account',
    'pipes.connected_account.connection_failed': 'connection_failed',
    'radar.': undefined,
    'role.': 'role',
    'session.': 'session',
    'user.': 'user',
    'vault.': undefined,
    'waitlist_user.': 'waitlist_user',
  }
  for (const [name, schema] of catalogue) {
    const beginnings = Object.keys(objects).filter((beginning) => name.startsWith(beginning))
    const longest = beginnings.toSorted((one, other) => other.length - one.length)[0]!
    it(`gives ${name} the shape of ${objects[longest] ?? 'what has no name'}`, () => {
      assert.ok(Type.IsObject(schema))
      const object = schema.properties['object']
      const shown = object !== undefined && Type.IsLiteral(object) ? object.const : undefined
      assert.equal(shown, objects[longest])
    })
  }

  it('has the 45 constants of the seed, two of them retired', () => {
    assert.equal(seedNames.size, 45)
    const retired = [...seedNames].filter((name) => !catalogue.has(name))
    assert.deepEqual(retired, ['organization_membership.added', 'organization_membership.removed'])
  })

  it('holds no retired name, and names in their place only what it holds', () => {
    assert.equal(retiredNames.size, 7)
    for (const [name, replacement] of retiredNames) {
      assert.ok(!catalogue.has(name), name)
      assert.ok(replacement === undefined || catalogue.has(replacement), name)
    }
  })

  it('uses every family', () => {
    const used = new Set(catalogue.values())
    for (const [name, family] of families) assert.ok(used.has(family), name)
    assert.equal(used.size, families.length)
  })
})

describe('workos payloads', () => {
  for (const [name, family] of families) {
    const payload = minimal(family)
    const paths = pathsOf(payload)
    const validator = Compile(family)

    it(`${name}: the minimal payload passes, with further keys, too`, () => {
      assert.ok(validator.Check(payload), JSON.stringify(Value.Errors(family, payload)))
      assert.ok(isJsonObject(payload))
      assert.ok(validator.Check({ ...payload, added_next_month: { deep: [1, null] } }))
    })

    it(`${name}: none of its ${paths.length} keys may be left out or be of another type`, () => {
      assert.ok(paths.length > 0)
      for (const path of paths) {
        const without = changed(payload, path, (parent, key) => delete parent[key])
        assert.ok(!validator.Check(without), `without ${path.join('.')}`)
        const otherwise = changed(payload, path, (parent, key) => {
          parent[key] = typeof parent[key] === 'number' ? 'a' : 1.5
        })
        assert.ok(!validator.Check(otherwise), `with another ${path.join('.')}`)
      }
    })
  }

  const cases: readonly (readonly [what: string, name: string, change: object, isFine: boolean])[] =
    [
      ['a null that may be', 'user.created', { first_name: null, last_sign_in_at: null }, true],
      ['a null that may not be', 'user.created', { email: null }, false],
      ['an optional key', 'user.created', { locale: 'en', metadata: { a: 'b' } }, true],
      ['an optional key of another type', 'user.created', { metadata: ['a'] }, false],
      ['a value that no enum has yet', 'session.created', { status: 'asleep' }, true],
      ['another object', 'user.created', { object: 'session' }, false],
      ['a day that does not exist', 'user.created', { created_at: '2026-02-30T00:00:00Z' }, false],
      ['a time that is null', 'invitation.created', { accepted_at: null }, true],
      ['an empty list', 'organization.created', { domains: [] }, true],
      ['an item of another kind', 'organization.created', { domains: [{ id: 'a' }] }, false],
      ["a user's key", 'api_key.created', { owner: owner('user', 'org_1') }, true],
      ["a user's key of no organization", 'api_key.created', { owner: owner('user') }, false],
      ["an organization's key", 'api_key.created', { owner: owner('organization') }, true],
      ["an unheard-of owner's key", 'api_key.created', { owner: owner('robot', 'org_1') }, false],
      ['a flag without an owner', 'flag.created', { owner: null }, true],
      ['what was before', 'dsync.user.updated', { previous_attributes: { name: null } }, true],
      ['what was before, as text', 'dsync.group.updated', { previous_attributes: '' }, false],
      ['an unknown user by OAuth', 'authentication.oauth_succeeded', { user_id: null }, true],
      [
        'an unknown user by password',
        'authentication.password_succeeded',
        { user_id: null },
        false,
      ],
      ['no address yet', 'authentication.sso_started', { email: null }, true],
      ['no address', 'authentication.sso_succeeded', { email: null }, false],
    ]
  for (const [what, name, change, isFine] of cases) {
    it(`${isFine ? 'takes' : 'refuses'} ${what} (${name})`, () => {
      const schema = catalogue.get(name)!
      assert.equal(Value.Check(schema, { ...(minimal(schema) as object), ...change }), isFine)
    })
  }

  it('a time is what the core reads as one', () => {
    const digits = (max: number) => fc.integer({ min: 0, max }).map((n) => `${n}`.padStart(2, '0'))
    const zone = fc.constantFrom('Z', 'z', '', '+00:00', '-08:30', '+24:00', '+0000')
    const fraction = fc.constantFrom('', '.1', '.123', '.123456789', '.')
    const parts = [digits(13), digits(32), digits(24), digits(60), digits(60), fraction, zone]
    const spelt = fc
      .tuple(fc.constantFrom('2024', '2026', '1900', '26'), ...parts)
      .map(([y, mo, d, h, mi, s, f, z]) => `${y}-${mo}-${d}T${h}:${mi}:${s}${f}${z}`)
    const validator = Compile(time)
    fc.assert(fc.property(spelt, (text) => validator.Check(text) === (parseMs(text) !== undefined)))
    for (const text of [aTime, '2024-02-29T23:59:59+00:00']) assert.ok(validator.Check(text))
    for (const text of ['2023-04-28 20:05:31.093', '2026-03-01', '', 0, null]) {
      assert.ok(!validator.Check(text), String(text))
    }
  })
})

function owner(type: string, organization?: string): object {
  const own = { type, id: 'owner_1' }
  return organization === undefined ? own : { ...own, organization_id: organization }
}
