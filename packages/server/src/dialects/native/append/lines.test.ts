import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { LineSplitter, lineJson } from './lines.ts'

const split = (pieces: readonly Uint8Array[], lineBytesMax = 1000) => {
  const splitter = new LineSplitter(lineBytesMax)
  const found: [number, string][] = []
  const take = (lines: Iterable<{ index: number; bytes: Uint8Array }>) => {
    for (const { index, bytes } of lines) found.push([index, Buffer.from(bytes).toString()])
  }
  for (const piece of pieces) take(splitter.push(piece))
  take(splitter.end())
  return { found, count: splitter.count, held: splitter.heldBytes }
}

describe('lines of a body', () => {
  const cases: readonly [string, string, readonly [number, string][], number][] = [
    ['nothing', '', [], 0],
    ['one line', 'a\n', [[0, 'a']], 1],
    ['no end to the last line', 'a\nb', [[0, 'a'], [1, 'b']], 2], // prettier-ignore
    ['blank lines', '\n \n\t\r\na\n\n', [[3, 'a']], 5],
    ['returns before the end', 'a\r\nb\r\n', [[0, 'a\r'], [1, 'b\r']], 2], // prettier-ignore
    ['a byte order mark alone', '\ufeff\n\ufeffa\n', [[1, '\ufeffa']], 2],
    ['blanks at the end', 'a\n  ', [[0, 'a']], 2],
  ]
  for (const [name, text, wanted, count] of cases) {
    it(`${name}: split anywhere`, () => {
      const bytes = Buffer.from(text)
      for (let at = 0; at <= bytes.length; at++) {
        const result = split([bytes.subarray(0, at), bytes.subarray(at)])
        assert.deepEqual(result, { found: wanted, count, held: 0 }, `at ${at}`)
      }
      assert.deepEqual(split([...bytes].map((byte) => Buffer.of(byte))).found, wanted)
    })
  }

  it('a character of several bytes is whole wherever it is split', () => {
    const text = '{"a":"é€𝄞"}\n{"b":"\u2028"}\n'
    const bytes = Buffer.from(text)
    for (let at = 0; at <= bytes.length; at++) {
      const { found } = split([bytes.subarray(0, at), bytes.subarray(at)])
      assert.deepEqual(
        found.map(([, line]) => JSON.parse(line)),
        [{ a: 'é€𝄞' }, { b: '\u2028' }],
      )
    }
  })

  it('a line over the bound is refused, before and at its end', () => {
    const tooLarge = { code: 'too_large', place: { index: 1 } }
    assert.equal(split([Buffer.from('0123456789\n')], 10).found.length, 1)
    assert.throws(() => split([Buffer.from('a\n01234567890\n')], 10), tooLarge)
    assert.throws(() => split([Buffer.from('a\n012345'), Buffer.from('67890')], 10), tooLarge)
  })

  it('no more than a million blank ones in a row are passed over', () => {
    const blank = Buffer.alloc(600_000, '\n')
    const line = Buffer.from('a\n')
    assert.equal(split([blank, line, blank]).count, 1_200_001)
    assert.throws(() => split([blank, blank]), { code: 'too_large', place: { index: 1_000_000 } })
    const blanks = Buffer.from(' \n'.repeat(1_000_001))
    assert.throws(() => split([blanks]), { code: 'too_large' })
  })

  it('says that it is a line that cannot be read', () => {
    assert.throws(
      () => lineJson(Buffer.from('{"a":')),
      /^EventwellError: The line is not valid JSON/,
    )
    assert.throws(() => lineJson(Buffer.of(0x22, 0xff, 0x22)), /The line is not valid UTF-8/)
  })
})

describe('a line that comes in very small pieces', () => {
  it('counts for what it takes in memory', () => {
    const lines = new LineSplitter(10_000)
    for (let piece = 0; piece < 100; piece++) {
      assert.deepEqual([...lines.push(Buffer.from('x'))], [])
    }
    assert.equal(lines.heldBytes, 25_700)
    assert.equal([...lines.push(Buffer.from('\n'))][0]?.bytes.length, 100)
    assert.equal(lines.heldBytes, 0)
  })
})
