import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { temporaryFolder } from '../test/support/folder.ts'
import { dialects } from './dialects.ts'
import { readSettings } from './settings.ts'

const folder = temporaryFolder()
const file = join(folder.path, 'settings.json')

function read(content: unknown) {
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return readSettings(file, dialects)
}

describe('the settings of workspaces', () => {
  after(() => folder.remove())

  it('are what the file says, and nothing where it says nothing', () => {
    const settings = read({
      workspaces: {
        ci: {
          requestsPerMinute: 7,
          eventsPerMinute: 9000,
          retention: { days: 0.5, types: { 'debug.*': 7, 'audit.login': 400 } },
          workos: { strict: true, webhookSecrets: ['long enough'] },
        },
        other: {},
      },
    })
    assert.deepEqual(settings.workspaces, ['ci', 'other'])
    assert.deepEqual(
      { ...settings.of('ci', 'workos') },
      {
        strict: true,
        webhookSecrets: ['long enough'],
      },
    )
    assert.equal(settings.requestsPerMinute('ci'), 7)
    assert.equal(settings.eventsPerMinute('ci'), 9000)
    assert.deepEqual(JSON.parse(JSON.stringify(settings.retention('ci'))), {
      days: 0.5,
      types: { 'debug.*': 7, 'audit.login': 400 },
    })
    for (const workspace of ['other', 'default', '__proto__', 'constructor']) {
      assert.deepEqual(settings.of(workspace, 'workos'), {})
      assert.equal(settings.requestsPerMinute(workspace), undefined)
      assert.equal(settings.eventsPerMinute(workspace), undefined)
      assert.deepEqual(settings.retention(workspace), {})
    }
    const none = readSettings(undefined, dialects)
    assert.deepEqual([none.workspaces, none.of('ci', 'webex')], [[], {}])
  })

  const inWorkspace = (settings: object) => ({ workspaces: { w: settings } })
  const refused: [string, unknown, RegExp][] = [
    ['no JSON', '{', /settings\.json is no JSON\. Line 1, column 2/],
    ['no object', '[]', /must hold a JSON object/],
    ['another name at the top', { workspaces: {}, worksapces: {} }, /worksapces is not known/],
    ['an unknown name', inWorkspace({ workOS: {} }), /workspaces\.w\.workOS is not known/],
    ['a name misspelt', inWorkspace({ workos: { strcit: true } }), /workos\.strcit is not known/],
    ['a text for a truth', inWorkspace({ workos: { strict: 'yes' } }), /strict must be boolean/],
    ['a window of no days', inWorkspace({ webex: { windowDays: 0 } }), /windowDays must be >= 1/],
    ['no rate', inWorkspace({ requestsPerMinute: 0.5 }), /requestsPerMinute must be integer/],
    ['no event', inWorkspace({ eventsPerMinute: 0 }), /eventsPerMinute must be >= 1/],
    ['no time at all', inWorkspace({ retention: { days: 0 } }), /retention\.days must be > 0/],
    ['time without end', inWorkspace({ retention: { days: 1e6 } }), /days must be <= 36525/],
    ['days in words', inWorkspace({ retention: { types: { a: '7' } } }), /types\.a must be number/],
    ['another word', inWorkspace({ retention: { type: {} } }), /retention\.type is not known/],
    [
      'a star amid',
      inWorkspace({ retention: { types: { 'a*b': 1 } } }),
      /"a\*b" in .*w\.retention/,
    ],
    ['a star alone', inWorkspace({ retention: { types: { '*': 1 } } }), /for all types, set days/],
    ['no type', inWorkspace({ retention: { types: { '': 1 } } }), /"" in workspaces\.w\.retention/],
    ['a dialect that has none', inWorkspace({ logspace: {} }), /logspace is not known/],
    ['an order', inWorkspace({ workos: { order: 'desc' } }), /order must be "ignored" or "honour/],
    ['a workspace that cannot be', { workspaces: { 'a b': {} } }, /"a b"/],
  ]
  for (const [name, content, message] of refused) {
    it(`refuse ${name}, and say where`, () => {
      assert.throws(() => read(content), { message })
    })
  }

  it('may be empty', () => {
    assert.deepEqual(read({}).workspaces, [])
  })

  it('refuse one secret for two workspaces, and more than a hundred', () => {
    const withSecrets = (...webhookSecrets: string[]) => ({ workos: { webhookSecrets } })
    const shared = { workspaces: { a: withSecrets('a-secret'), b: withSecrets('a-secret') } }
    assert.throws(() => read(shared), {
      message: /one secret twice: in workspaces\.a\.workos\.webhookSecrets and workspaces\.b/,
    })
    const vendors = {
      workos: withSecrets('a-secret').workos,
      webex: withSecrets('a-secret').workos,
    }
    assert.deepEqual(read({ workspaces: { a: vendors } }).workspaces, ['a'])
    const many = Array.from({ length: 11 }, (_, w) => {
      return [`w${w}`, withSecrets(...Array.from({ length: 10 }, (_, n) => `secret-${w}-${n}`))]
    })
    assert.throws(() => read({ workspaces: Object.fromEntries(many) }), {
      message: /more than 100/,
    })
  })

  it('never show what stands where they cannot be read', () => {
    const texts = ['{"webhookSecrets":[whsec_secret]}', "{'whsec_secret'", '{"a":"whsec_secret']
    for (const text of texts) {
      assert.throws(
        () => read(text),
        ({ message }: Error) => !message.includes('whsec'),
      )
    }
  })

  it('never show a secret that cannot be', () => {
    const wrong = inWorkspace({ webex: { webhookSecrets: ['s3cret', 77_777] } })
    assert.throws(
      () => read(wrong),
      ({ message }: Error) => {
        assert.match(message, /webhookSecrets\.0 must.*\n.*webhookSecrets\.1 must be string/)
        return !/s3cret|77/.test(message)
      },
    )
  })

  it('say when the file is not there', () => {
    assert.throws(() => readSettings(join(folder.path, 'none.json'), dialects), {
      message: /There is no such file: .*none\.json/,
    })
  })
})
