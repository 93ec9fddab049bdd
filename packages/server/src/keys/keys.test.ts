import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { temporaryFolder } from '../../test/support/folder.ts'
import { isLoopback } from '../core/access.ts'
import { withDevelopmentKey } from './development-key.ts'
import { KeyRing } from './key-ring.ts'

describe('keys', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let clockMs = 0
  let server: KeyRing
  let command: KeyRing

  beforeEach(() => {
    folder = temporaryFolder()
    clockMs = 0
    server = new KeyRing(folder.path, () => clockMs)
    command = new KeyRing(folder.path)
  })
  afterEach(() => {
    server.close()
    command.close()
    folder.remove()
  })

  it('give the workspace and scopes they were made for', () => {
    const key = command.create('ci', 'builds', ['write'])
    assert.deepEqual(server.authenticate(key), {
      workspace: 'builds',
      scopes: ['write'],
      isDevelopment: false,
    })
    for (const other of ['', 'ci', 'development', key.slice(1), `${key} `]) {
      assert.equal(server.authenticate(other), undefined, other)
    }
  })

  it('work at once when made by another process, and stop within a second when revoked', () => {
    assert.equal(server.authenticate('x'), undefined)
    const key = command.create('ci', 'default', ['read'])
    assert.ok(server.authenticate(key))
    assert.ok(command.revoke('ci'))
    clockMs += 1000
    assert.equal(server.authenticate(key), undefined)
    assert.ok(!command.revoke('ci'))
  })

  it('work and stop at once when made and revoked by the same process', () => {
    assert.equal(server.authenticate('x'), undefined)
    const key = server.create('own', 'default', ['read'])
    assert.ok(server.authenticate(key))
    server.revoke('own')
    assert.equal(server.authenticate(key), undefined)
  })

  it('are nowhere on disk', () => {
    const key = command.create('ci', 'default', ['read'])
    for (const file of readdirSync(folder.path)) {
      assert.ok(!readFileSync(join(folder.path, file), 'latin1').includes(key), file)
    }
  })

  it('have names of their own, and workspaces that can be a folder', () => {
    command.create('ci', 'default', ['read'])
    assert.throws(() => command.create('ci', 'default', ['read']), /already/)
    assert.throws(() => command.create('', 'default', ['read']), /name/)
    assert.throws(() => command.create('x', '../y', ['read']), /workspace/)
    assert.deepEqual(
      command.list().map(({ name, workspace, scopes }) => [name, workspace, scopes]),
      [['ci', 'default', ['read']]],
    )
  })

  it('keep every scope, those made before there were more, too', () => {
    for (const scopes of [
      ['read'],
      ['write', 'erase'],
      ['read', 'write', 'erase', 'metrics'],
    ] as const) {
      const key = command.create(scopes.join('-'), 'default', scopes)
      assert.deepEqual(server.authenticate(key)?.scopes, scopes)
    }
    assert.deepEqual(withDevelopmentKey(server).authenticate('development')?.scopes, [
      'read',
      'write',
      'erase',
      'metrics',
    ])
  })

  it('have the development key beside them only where that was asked for', () => {
    assert.equal(withDevelopmentKey(server).authenticate('development')?.workspace, 'default')
    assert.equal(server.authenticate('development'), undefined)
  })

  for (const [host, expected] of [
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['localhost', true],
    ['LocalHost', true],
    ['::1', true],
    ['0.0.0.0', false],
    ['::', false],
    ['192.168.0.1', false],
    ['127.0.0.1.example.com', false],
  ] as const) {
    it(`${host} is ${expected ? '' : 'not '}loopback`, () =>
      assert.equal(isLoopback(host), expected))
  }
})
