import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { nextTarget, parseLinks, type Link } from './link.ts'

const address = 'https://webexapis.com/v1/events?max=2&cursor=b2s'

describe('The next page in a Link header', () => {
  const cases: [name: string, header: string, target: string | undefined][] = [
    ['as Webex sends it', `<${address}>; rel="next"`, address],
    ['without quotes', `<${address}>;rel=next`, address],
    ['in capitals', `<${address}> ; REL="NEXT"`, address],
    ['among other relations', `<${address}>; rel="last next"`, address],
    ['with parameters before and after', `<${address}>; title="a; b, c"; rel=next; x`, address],
    ['with an escaped quote', `<${address}>; title="\\">; rel=prev"; rel="n\\ext"`, address],
    ['behind another', `<https://a.example/?a,b;c>; rel="prev", <${address}>; rel="next"`, address],
    ['with commas and semicolons', '</v1/events?a=1,2;3>; rel="next"', '/v1/events?a=1,2;3'],
    ['with empty pieces', `, ,<${address}>; ; rel=next;,`, address],
    ['the first of two', `<${address}>; rel=next, <https://b.example/>; rel=next`, address],
    ['with tabs', `\t<${address}>\t;\trel\t=\t"next"\t`, address],
    ['that is empty', '<>; rel="next"', ''],
    ['by the first rel of a link', `<${address}>; rel=prev; rel=next`, undefined],
    ['of another document', `<${address}>; rel=next; anchor="/v1/rooms"`, undefined],
    ['that is none', `<${address}>; rel="prev", <${address}>; rel="nextish"`, undefined],
    ['without a relation', `<${address}>`, undefined],
    ['of an empty header', '', undefined],
  ]
  for (const [name, header, target] of cases) {
    it(name, () => assert.equal(nextTarget(header), target))
  }

  const broken = [
    address,
    `<${address}`,
    `<${address}>; rel="next`,
    `<${address}> rel="next"`,
    `<${address}>; rel="next" <x>`,
    `<a<b>; rel=next`,
    'rand(30),add(30)',
  ]
  for (const header of broken) {
    it(`fails for ${header}`, () => assert.throws(() => nextTarget(header), SyntaxError))
  }
})

describe('A Link header', () => {
  const token = fc.stringMatching(/^[a-z][a-z0-9*-]{0,7}$/)
  const text = fc.string({ maxLength: 20 }).map((one) => one.replaceAll(/[\r\n]/g, ''))
  const target = text.map((one) => one.replaceAll(/[<>]/g, ''))
  const parameters = fc.array(fc.tuple(token, fc.option(text)), { maxLength: 4 })
  const links = fc.array(fc.record({ target, parameters }), { maxLength: 4 })
  const space = fc.constantFrom('', ' ', '\t ')

  it('is read as it was written, whatever is in it', () => {
    fc.assert(
      fc.property(links, space, (written, gap) => {
        const header = written
          .map(({ target, parameters }) => {
            const pairs = parameters.map(([name, value]) =>
              value === null ? name : `${name}${gap}=${gap}"${value.replaceAll(/["\\]/g, '\\$&')}"`,
            )
            return [`<${target}>`, ...pairs].join(`${gap};${gap}`)
          })
          .join(`${gap},${gap}`)
        const wanted: Link[] = written.map(({ target, parameters }) => ({
          target,
          // The first of a name counts, and maps keep the last.
          parameters: new Map(
            parameters.map(([name, value]) => [name, value ?? ''] as const).toReversed(),
          ),
        }))
        const sorted = (found: Link[]) =>
          found.map((one) => [one.target, [...one.parameters].toSorted()])
        assert.deepEqual(sorted(parseLinks(header)), sorted(wanted))
      }),
    )
  })

  it('is read or is a SyntaxError, and nothing takes long', () => {
    const pieces = fc.constantFrom('<', '>', '"', '\\', ';', ',', '=', ' ', 'rel', 'next', 'a')
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (found) => {
        try {
          parseLinks(found.join(''))
        } catch (error) {
          assert.ok(error instanceof SyntaxError)
        }
      }),
      { numRuns: 1000 },
    )
    for (const piece of [' ', ';', '; a', '"', '<', ',', '\\', '; a="', '; a=\\']) {
      try {
        parseLinks(`<x>${piece.repeat(50_000)}`)
      } catch (error) {
        assert.ok(error instanceof SyntaxError)
      }
    }
  })
})
