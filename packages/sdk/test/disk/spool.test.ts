import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { appendFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import fc from 'fast-check'
import { crc32 } from '../../src/disk/crc32.ts'
import {
  isSpoolDamageError,
  isSpoolFullError,
  type SpoolDamageError,
} from '../../src/disk/errors.ts'
import { makeFile } from '../../src/disk/segment-writer.ts'
import { Spool, type SpoolOptions } from '../../src/disk/spool.ts'
import { atEnd, crashed, recordFiles, temporaryFolder } from './folder.ts'

const newline = '\n'.charCodeAt(0)
const everything = { recordsMax: Infinity, bytesMax: Infinity }
const failOnFault = (error: unknown) => {
  throw error
}

async function open(
  context: TestContext,
  folder: string,
  options: Partial<SpoolOptions> = {},
): Promise<Spool> {
  const spool = await Spool.open(folder, { onFault: failOnFault, ...options })
  atEnd(context, () => spool.close())
  return spool
}

async function all(spool: Spool): Promise<readonly string[]> {
  return (await spool.next(everything))?.records ?? []
}

describe('a spool', () => {
  it('that its owner has left does not end the process when garbage is collected', async (context) => {
    const program = join(import.meta.dirname, 'leave-folder.ts')
    const node = ['--expose-gc', '--conditions=eventwell-source', program]
    const left = spawnSync(process.execPath, [...node, temporaryFolder(context)], {
      encoding: 'utf8',
      timeout: 30_000,
    })
    assert.deepEqual([left.stderr, left.stdout, left.status], ['', 'alive\n', 0])
  })

  it('gives what was added, in order, until it is done', async (context) => {
    const spool = await open(context, temporaryFolder(context))
    await Promise.all([spool.add(['a', 'b']), spool.add([]), spool.add(['c'])])
    assert.equal(spool.size.records, 3)
    const first = await spool.next({ recordsMax: 2, bytesMax: Infinity })
    assert.deepEqual(first?.records, ['a', 'b'])
    assert.deepEqual(await spool.next({ recordsMax: 2, bytesMax: Infinity }), first)
    await spool.done(first!.mark - 1)
    assert.deepEqual(await all(spool), ['b', 'c'])
    await spool.done(first!.mark)
    await spool.done(first!.mark)
    assert.deepEqual(await all(spool), ['c'])
    await spool.done(3)
    assert.deepEqual(
      [await spool.next(everything), spool.size],
      [undefined, { records: 0, bytes: 0 }],
    )
  })

  it('bounds a batch by bytes, but gives at least one record', async (context) => {
    const spool = await open(context, temporaryFolder(context))
    await spool.add(['a'.repeat(100), 'b'.repeat(100), 'c'])
    const batch = async (bytesMax: number) =>
      (await spool.next({ recordsMax: 9, bytesMax }))!.records.length
    assert.deepEqual(
      [await batch(1), await batch(211), await batch(212), await batch(1e6)],
      [1, 2, 2, 3],
    )
  })

  it('keeps records that are longer than a piece that is read', async (context) => {
    const folder = temporaryFolder(context)
    const records = ['x'.repeat(700_000), 'é'.repeat(300_000), 'z']
    const spool = await open(context, folder)
    for (const record of records) await spool.add([record])
    assert.deepEqual(await all(spool), records)
    assert.deepEqual(await all(await open(context, crashed(context, folder))), records)
  })

  it('leaves nothing behind but its note when all is done and it is closed', async (context) => {
    const folder = temporaryFolder(context)
    const spool = await open(context, folder)
    await spool.add(['secret'])
    assert.equal(statSync(recordFiles(folder)[0]!).mode & 0o777, 0o600)
    await spool.done((await spool.next(everything))!.mark)
    await spool.close()
    assert.deepEqual(readdirSync(folder), ['done'])
    await assert.rejects(spool.add(['late']), /closed/)
    // The note of a file that is gone must not be taken for one of the next.
    const next = await open(context, folder)
    // The first line ends where that of the file before did.
    await next.add(['fourth'])
    await next.add(['new'])
    const left = await all(await open(context, crashed(context, folder)))
    assert.deepEqual(left, ['fourth', 'new'])
  })

  it('refuses what it has no room for, keeps what it has, and has room again', async (context) => {
    const spool = await open(context, temporaryFolder(context), { bytesMax: 100 })
    await spool.add(['x'.repeat(50)])
    const refused = await spool.add(['y'.repeat(50)]).catch((error: unknown) => error)
    assert.ok(isSpoolFullError(refused))
    assert.deepEqual([refused.bytes, refused.bytesMax], [60, 100])
    assert.deepEqual(await all(spool), ['x'.repeat(50)])
    await spool.done(1)
    await spool.add(['y'.repeat(50)])
    // Also what is on its way to the disk counts.
    const both = await Promise.allSettled([
      spool.add(['z'.repeat(10)]),
      spool.add(['z'.repeat(11)]),
    ])
    assert.deepEqual(
      both.map(({ status }) => status),
      ['fulfilled', 'rejected'],
    )
  })

  it('says what is wrong with its options', async (context) => {
    const folder = temporaryFolder(context)
    for (const bytesMax of [0, -1, 1.5, NaN]) {
      await assert.rejects(Spool.open(folder, { bytesMax, onFault: failOnFault }), RangeError)
    }
    assert.deepEqual(readdirSync(folder), [])
  })

  it('says so when the folder cannot be one', async (context) => {
    const file = join(temporaryFolder(context), 'file')
    writeFileSync(file, '')
    await assert.rejects(
      Spool.open(join(file, 'inner'), { onFault: failOnFault }),
      /inner cannot be used: .*choose another folder/,
    )
  })
})

describe('a spool after a crash', () => {
  const tails: readonly (readonly [string, string | Buffer])[] = [
    ['nothing', ''],
    ['half a line', '0badc0de {"id"'],
    ['a line with another checksum', '00000000 {"id":1}\n'],
    ['zeros', Buffer.alloc(5000)],
    ['noise', Buffer.from(Array.from({ length: 999 }, (_, index) => (index * 7919) % 256))],
    ['a newline', '\n'],
  ]
  for (const [name, tail] of tails) {
    it(`cuts off ${name} at the end, and goes on behind what was acknowledged`, async (context) => {
      const folder = temporaryFolder(context)
      await (await open(context, folder)).add(['a', 'b'])
      const copy = crashed(context, folder)
      const [file] = recordFiles(copy)
      appendFileSync(file!, tail)
      const faults: unknown[] = []
      const spool = await open(context, copy, { onFault: (error) => faults.push(error) })
      assert.deepEqual(await all(spool), ['a', 'b'])
      // What has a newline may have been acknowledged.
      const wasLine = Buffer.from(tail).includes(newline)
      assert.deepEqual(faults.map(isSpoolDamageError), wasLine ? [true] : [])
      const kept = readdirSync(copy).filter((name) => name.endsWith('.damaged'))
      assert.deepEqual(
        kept.map((name) => join(copy, name)),
        faults.map((fault) => (fault as SpoolDamageError).keptIn),
      )
      if (wasLine) {
        assert.ok(
          readFileSync(join(copy, kept[0]!)).subarray(-tail.length).equals(Buffer.from(tail)),
        )
      }
      await spool.add(['c'])
      assert.deepEqual(await all(await open(context, crashed(context, copy))), ['a', 'b', 'c'])
    })
  }

  it('tells of damage before the end once, keeps the file, and gives the rest', async (context) => {
    const folder = temporaryFolder(context)
    const spool = await open(context, folder)
    for (const record of ['first', 'second', 'third']) await spool.add([record])
    const copy = crashed(context, folder)
    const [file] = recordFiles(copy)
    const bytes = readFileSync(file!)
    bytes[bytes.indexOf('second')]! ^= 1
    writeFileSync(file!, bytes)
    const faults: unknown[] = []
    const again = await open(context, copy, {
      onFault: (error) => faults.push(error),
      bytesMax: 70,
    })
    assert.deepEqual(await all(again), ['first', 'third'])
    assert.equal(again.size.records, 2)
    await again.done(2)
    await again.close()
    assert.deepEqual(faults.map(isSpoolDamageError), [true])
    assert.deepEqual(readdirSync(copy).toSorted(), ['done', 'records-00000001.log.damaged'])
    // What was put aside takes nothing of the room for what is unsent; it has a bound of its own.
    const third = await open(context, copy, { bytesMax: 70 })
    await third.add(['fourth, which is long'])
    await third.close()
    const fourth = await open(context, copy, { damagedBytesMax: 46 })
    const refused = await fourth.add(['fifth']).catch((error: unknown) => error)
    assert.ok(isSpoolFullError(refused))
    assert.equal(refused.damagedBytes, 46)
    assert.match(refused.message, /46 bytes .*\.damaged.* at most 46 .*move them away/)
    rmSync(`${file}.damaged`)
    const adds = [fourth.add(['sixth']), fourth.add(['seventh'])]
    await fourth.settled()
    assert.equal(fourth.size.records, 3)
    await Promise.all(adds)
    assert.deepEqual(await all(fourth), ['fourth, which is long', 'sixth', 'seventh'])
  })

  it('refuses what waited for a look at damaged files until it was closed', async (context) => {
    const folder = temporaryFolder(context)
    const damaged = join(folder, 'records-00000007.log.damaged')
    writeFileSync(damaged, 'xx')
    const spool = await open(context, folder, { damagedBytesMax: 2 })
    rmSync(damaged)
    const refused = assert.rejects(spool.add(['late']), /closed/)
    await spool.close()
    await refused
    assert.deepEqual(recordFiles(folder), [])
  })

  it('tells of damage that came while it was open', async (context) => {
    const folder = temporaryFolder(context)
    const faults: unknown[] = []
    const spool = await open(context, folder, { onFault: (error) => faults.push(error) })
    await spool.add(['first'])
    await spool.add(['second'])
    const bytes = readFileSync(recordFiles(folder)[0]!)
    bytes[bytes.indexOf('first')]! ^= 1
    writeFileSync(recordFiles(folder)[0]!, bytes)
    assert.deepEqual(await all(spool), ['second'])
    assert.deepEqual(faults.map(isSpoolDamageError), [true])
  })

  it('keeps the last line when it is damaged and was acknowledged', async (context) => {
    const folder = temporaryFolder(context)
    const spool = await open(context, folder)
    for (const record of ['first', 'last']) await spool.add([record])
    const copy = crashed(context, folder)
    const [file] = recordFiles(copy)
    const bytes = readFileSync(file!)
    bytes[bytes.indexOf('last')]! ^= 1
    writeFileSync(file!, bytes)
    const faults: unknown[] = []
    const again = await open(context, copy, { onFault: (error) => faults.push(error) })
    assert.deepEqual(await all(again), ['first'])
    assert.ok(isSpoolDamageError(faults[0]))
    assert.deepEqual(readFileSync(faults[0].keptIn), bytes.subarray(bytes.indexOf('\n') + 1))
    assert.equal(statSync(faults[0].keptIn).mode & 0o777, 0o600)
  })

  it('keeps each end that was damaged, one after the other', async (context) => {
    let folder = temporaryFolder(context)
    const faults: SpoolDamageError[] = []
    const onFault = (error: unknown) => faults.push(error as SpoolDamageError)
    const spool = await open(context, folder)
    for (const record of ['1st', '2nd', '3rd']) await spool.add([record])
    for (const record of ['3rd', '2nd', '1st', 'new']) {
      folder = crashed(context, folder)
      const bytes = readFileSync(recordFiles(folder)[0]!)
      bytes[bytes.indexOf(record)]! ^= 0x80
      writeFileSync(recordFiles(folder)[0]!, bytes)
      await (await open(context, folder, { onFault })).close()
      if (record !== '1st') continue
      // The numbers of files do not begin anew while something that is named for one is there.
      const next = await open(context, folder)
      await next.add(['new'])
      await next.close()
    }
    const kept = readdirSync(folder).filter((name) => name.endsWith('.damaged'))
    assert.deepEqual(
      kept.map((name) => readFileSync(join(folder, name)).length),
      [13, 13, 13, 13],
    )
    assert.equal(new Set(faults.map(({ keptIn }) => keptIn.split('/').at(-1))).size, 4)
  })

  it('tells of a file that was deleted while it was open, and goes on', async (context) => {
    const folder = temporaryFolder(context)
    const faults: unknown[] = []
    const onFault = (error: unknown) => faults.push(error)
    const spool = await open(context, folder, { onFault, segmentBytes: 30 })
    for (const record of ['first', 'second', 'third']) await spool.add([record.repeat(5)])
    const [, second] = recordFiles(folder)
    rmSync(second!)
    assert.equal(spool.size.records, 3)
    assert.deepEqual(await all(spool), ['first'.repeat(5), 'third'.repeat(5)])
    assert.deepEqual(faults.map(isSpoolDamageError), [true])
    await spool.done(2)
    assert.deepEqual([spool.size, spool.passed], [{ records: 0, bytes: 0 }, 3])
    await spool.close()
    assert.deepEqual([readdirSync(folder), faults.length], [['done'], 1])
  })

  it('trusts nothing more to the newest file when that was deleted', async (context) => {
    const folder = temporaryFolder(context)
    const faults: unknown[] = []
    const spool = await open(context, folder, { onFault: (error) => faults.push(error) })
    await spool.add(['lost'])
    rmSync(recordFiles(folder)[0]!)
    assert.deepEqual([await all(spool), spool.size.records], [[], 0])
    await spool.add(['kept'])
    assert.deepEqual(await all(spool), ['kept'])
    assert.deepEqual(await all(await open(context, crashed(context, folder))), ['kept'])
    assert.deepEqual(faults.map(isSpoolDamageError), [true])
  })

  for (const [name, note] of [
    ['gone', undefined],
    ['noise', 'ffffffff 1 1 1'],
    ['of a place that no line has', `${crc32(Buffer.from('1 7 0'))} 1 7 0`],
    ['of a record that its line has not', `${crc32(Buffer.from('1 0 3'))} 1 0 3`],
  ] as const) {
    it(`gives what was done again, and no less, when its note is ${name}`, async (context) => {
      const folder = temporaryFolder(context)
      const spool = await open(context, folder)
      await spool.add(['a', 'b', 'c'])
      await spool.done((await spool.next({ recordsMax: 1, bytesMax: 100 }))!.mark)
      const copy = crashed(context, folder)
      assert.deepEqual(await all(await open(context, crashed(context, copy))), ['b', 'c'])
      if (note === undefined) rmSync(join(copy, 'done'))
      else writeFileSync(join(copy, 'done'), note)
      assert.deepEqual(await all(await open(context, copy)), ['a', 'b', 'c'])
    })
  }
})

describe('a disk that fails', () => {
  /** Writes only a part of what it is given, and fails, as a full disk does; or fails at the sync. */
  function failing(isFailing: () => 'write' | 'sync' | undefined): SpoolOptions['makeFile'] {
    return async (path) => {
      const file = await makeFile(path)
      return {
        ...file,
        async write(bytes, position) {
          if (isFailing() !== 'write') return file.write(bytes, position)
          await file.write(bytes.subarray(0, bytes.length / 2), position)
          throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
        },
        async sync() {
          if (isFailing() === 'sync') throw new Error('EIO: i/o error')
          return file.sync()
        },
      }
    }
  }

  for (const what of ['write', 'sync'] as const) {
    it(`at the ${what}: adding fails, the files are in order, and it goes on later`, async (context) => {
      const folder = temporaryFolder(context)
      let failure: 'write' | 'sync' | undefined = what
      const spool = await open(context, folder, { makeFile: failing(() => failure) })
      await assert.rejects(spool.add(['never']), /Nothing was added/)
      failure = undefined
      await spool.add(['a'])
      failure = what
      for (let times = 0; times < 3; times += 1) {
        const adds = [spool.add(['lost']), spool.add(['lost, too'])]
        const ends = await Promise.allSettled(adds)
        assert.deepEqual(
          ends.map(({ status }) => status),
          ['rejected', 'rejected'],
        )
      }
      assert.deepEqual(await all(spool), ['a'])
      assert.equal(recordFiles(folder).length, 1)
      assert.deepEqual(await all(await open(context, crashed(context, folder))), ['a'])
      failure = undefined
      await spool.add(['b'])
      assert.deepEqual(await all(spool), ['a', 'b'])
      assert.deepEqual(await all(await open(context, crashed(context, folder))), ['a', 'b'])
      assert.equal(spool.size.records, 2)
    })
  }
})

describe('any history of a spool', () => {
  const actions = fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.record({ add: fc.array(fc.nat(40), { maxLength: 5 }) }) },
      { weight: 3, arbitrary: fc.record({ done: fc.nat(8) }) },
      { weight: 1, arbitrary: fc.constant({ reopen: true as const }) },
      {
        weight: 2,
        arbitrary: fc.record({ crash: fc.uint8Array({ maxLength: 30 }), hasNote: fc.boolean() }),
      },
    ),
    { maxLength: 25 },
  )

  it('is that of a list, however often it crashes', { timeout: 60_000 }, async (context) => {
    const run = async (history: typeof actions extends fc.Arbitrary<infer T> ? T : never) => {
      let folder = temporaryFolder(context)
      let mayTell = false
      const onFault = (error: unknown) => assert.ok(mayTell && isSpoolDamageError(error))
      const options = { onFault, segmentBytes: 120 }
      let spool = await Spool.open(folder, options)
      const acknowledged: string[] = []
      let done = 0
      for (const action of history) {
        if ('add' in action) {
          const records = action.add.map(
            (length, at) => `${acknowledged.length + at}${'x'.repeat(length)}`,
          )
          await spool.add(records)
          acknowledged.push(...records)
        } else if ('done' in action) {
          const batch = await spool.next({ recordsMax: action.done, bytesMax: 200 })
          if (batch === undefined) continue
          await spool.done(batch.mark)
          done += batch.records.length
        } else if ('reopen' in action) {
          await spool.close()
          spool = await Spool.open(folder, options)
        } else {
          const copy = crashed(context, folder)
          await spool.close()
          folder = copy
          const newest = recordFiles(folder).at(-1)
          if (newest !== undefined) appendFileSync(newest, action.crash)
          if (!action.hasNote) rmSync(join(folder, 'done'))
          // A tail with a newline is told of, and kept.
          mayTell = action.crash.includes(newline)
          spool = await Spool.open(folder, options)
          mayTell = false
          if (!action.hasNote) {
            // What was done in a file that is still there comes again.
            const again = acknowledged.length - spool.size.records
            assert.ok(again <= done && again >= 0)
            done = again
          }
        }
        const left = acknowledged.slice(done)
        assert.equal(spool.size.records, left.length)
        assert.deepEqual(await all(spool), left)
        const bytes = recordFiles(folder).reduce((sum, file) => sum + statSync(file).size, 0)
        assert.ok(
          spool.size.bytes <= bytes && bytes <= spool.size.bytes + 2 * 400,
          'room is given back',
        )
      }
      await spool.close()
    }
    await fc.assert(fc.asyncProperty(actions, run), { numRuns: 150 })
  })
})
