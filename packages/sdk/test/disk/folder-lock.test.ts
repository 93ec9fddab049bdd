import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { isFolderInUseError } from '../../src/disk/errors.ts'
import { lockFolder } from '../../src/disk/folder-lock.ts'
import { Spool } from '../../src/disk/spool.ts'
import { temporaryFolder } from './folder.ts'

const second = new URL('../../src/disk/folder-lock.ts?second', import.meta.url).href
const { lockFolder: lockOfOther } = (await import(second)) as { lockFolder: typeof lockFolder }
const holder = fileURLToPath(new URL('hold-folder.ts', import.meta.url))

// Only Linux tells when a process started.
const hasStarts = process.platform === 'linux'
const stat = hasStarts ? readFileSync(`/proc/${process.ppid}/stat`, 'latin1') : ''
const startOfParent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0'
const fail = (error: unknown) => assert.fail(String(error))

describe('the lock of a folder', () => {
  it('is for one owner of this process', async (context) => {
    const folder = temporaryFolder(context)
    const lock = await lockFolder(folder)
    const refused = await lockFolder(folder).catch((error: unknown) => error)
    assert.ok(isFolderInUseError(refused))
    assert.match(refused.message, /in use by this very process.*choose another folder/)
    await lock.release()
    await (await lockFolder(folder)).release()
    assert.deepEqual(readdirSync(folder), [])
  })

  it('is for the first of many who want it at once, also of a second copy of the package', async (context) => {
    const folder = temporaryFolder(context)
    for (let round = 0; round < 10; round += 1) {
      const all = await Promise.allSettled(
        Array.from({ length: 6 }, (_, at) => (at % 2 === 0 ? lockFolder : lockOfOther)(folder)),
      )
      const [first, ...others] = all
      assert.ok(first!.status === 'fulfilled')
      assert.ok(others.every(({ status }) => status === 'rejected'))
      await first!.value.release()
    }
    assert.deepEqual(readdirSync(folder), [])
  })

  it('outlives no kill of its process', { timeout: 30_000 }, async (context) => {
    const folder = join(temporaryFolder(context), 'deep', 'folder')
    const child = spawn(process.execPath, [holder, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    context.after(() => child.kill('SIGKILL'))
    await once(child.stdout, 'data')
    const refused = await Spool.open(folder, { onFault: fail }).catch((error: unknown) => error)
    assert.ok(isFolderInUseError(refused))
    assert.equal(refused.pid, child.pid)
    child.kill('SIGKILL')
    await once(child, 'close')
    const spool = await Spool.open(folder, { onFault: fail })
    assert.equal(spool.size.records, 1)
    await spool.close()
  })

  it('of a process that one may not ask about is respected', async (context) => {
    const folder = temporaryFolder(context)
    writeFileSync(join(folder, 'lock-4194305-0-00ff'), '')
    // As Deno does without the permission to run programs.
    context.mock.method(process, 'kill', () => {
      throw new Error('Requires run access, run again with the --allow-run flag')
    })
    const taken = await lockFolder(folder).catch((error: unknown) => error)
    assert.ok(isFolderInUseError(taken))
  })

  for (const [name, owner, isAlive] of [
    ['a process that is gone', 'lock-4194305-123-00ff', false],
    ['our own pid in an earlier container', `lock-${process.pid}-1-00ff`, false],
    ['a pid that another process has now', `lock-${process.ppid}-1-00ff`, false],
    ['a process that lives', `lock-${process.ppid}-${startOfParent}-00ff`, true],
    ['a process that lives, its start untold', `lock-${process.ppid}-0-00ff`, true],
    ['our own pid, its start untold', `lock-${process.pid}-0-00ff`, false],
  ] as const) {
    it(
      `of ${name} is ${isAlive ? 'respected' : 'removed'}`,
      { skip: !hasStarts },
      async (context) => {
        const folder = temporaryFolder(context)
        writeFileSync(join(folder, owner), '')
        const taken = await lockFolder(folder).catch((error: unknown) => error)
        assert.equal(isFolderInUseError(taken), isAlive)
        assert.equal(readdirSync(folder).includes(owner), isAlive)
        assert.equal(readdirSync(folder).length, 1)
      },
    )
  }
})
