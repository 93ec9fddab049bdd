import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Type } from 'typebox'
import { Shape } from './shape.ts'

const shape = new Shape(
  Type.Object(
    {
      id: Type.String({ minLength: 2 }),
      name: Type.Union([Type.String(), Type.Null()]),
      kind: Type.Optional(Type.Union([Type.Literal('a'), Type.Literal('b')])),
      count: Type.Optional(Type.Integer({ minimum: 1 })),
      parts: Type.Optional(Type.Array(Type.Object({ id: Type.String() }))),
      detail: Type.Optional(
        Type.Union([
          Type.Object({ kind: Type.Literal('key'), key: Type.String() }),
          Type.Object({ kind: Type.Literal('token'), until: Type.String() }),
        ]),
      ),
      role: Type.Optional(Type.Union([Type.Object({ slug: Type.String() }), Type.Null()])),
    },
    { additionalProperties: false },
  ),
)

describe('a shape', () => {
  const cases: [string, unknown, string[]][] = [
    ['what it should be', { id: 'ab', name: null, parts: [{ id: 'x', y: 1 }], role: null }, []],
    ['nothing', {}, ['id is missing', 'name is missing']],
    ['no object', 7, [' must be object']],
    ['one type too few', { id: 'ab', name: 7 }, ['name must be string or null']],
    ['none of the words', { id: 'ab', name: '', kind: 'c' }, ['kind must be "a" or "b"']],
    ['a name too many', { id: 'ab', name: '', nmae: 1 }, ['nmae is not known']],
    [
      'a fault further in',
      { id: 'ab', name: '', parts: [{ id: '' }, {}] },
      ['parts.1.id is missing'],
    ],
    [
      'a fault in one branch',
      { id: 'ab', name: '', role: { slug: 7 } },
      ['role.slug must be string'],
    ],
    [
      'a fault in the branch that it names',
      { id: 'ab', name: '', detail: { kind: 'token', until: 7 } },
      ['detail.until must be string'],
    ],
    [
      'a branch that there is not',
      { id: 'ab', name: '', detail: { kind: 'x', key: '', until: '' } },
      ['detail.kind must be "key" or "token"'],
    ],
    ['no branch at all', { id: 'ab', name: '', detail: 7 }, ['detail must be object']],
    ['too small a number', { id: 'ab', name: '', count: 0 }, ['count must be >= 1']],
    [
      'many faults',
      { id: 7, name: 7, kind: 7, count: 'x', parts: [{}, {}, {}, {}, {}, {}] },
      [
        'id must be string',
        'name must be string or null',
        'kind must be "a" or "b"',
        'count must be integer',
        ...[0, 1, 2, 3, 4, 5].map((n) => `parts.${n}.id is missing`),
      ],
    ],
  ]
  it('names the first of very many faults, and says when all lie further in', () => {
    const parts = Array.from({ length: 100_000 }, () => ({}))
    assert.equal(shape.faults({ id: 'ab', name: '', parts }).length, 100)
    const good = Array.from({ length: 200 }, () => ({ id: '' }))
    const far = shape.faults({ id: 'ab', name: '', parts: [...good, {}] })
    assert.deepEqual(far, [
      { path: '', problem: 'is wrong further in than the first 100 elements of an array' },
    ])
  })

  for (const [name, value, expected] of cases) {
    it(`says of ${name}: ${expected.join(', ') || 'nothing'}`, () => {
      const found = shape.faults(value).map(({ path, problem }) => `${path} ${problem}`)
      assert.deepEqual(found.toSorted(), expected.toSorted())
    })
  }
})
