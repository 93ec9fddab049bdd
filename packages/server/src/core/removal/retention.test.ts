import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StoredEvent } from '../event.ts'
import { matches, type Selection } from '../query.ts'
import { horizonMs, mightChoose, removalOf, rulesOf, type Retention } from './retention.ts'

const dayMs = 86_400_000
const event = (type: string, receivedAtMs: number): StoredEvent => {
  return { source: '/s', id: '1', type, position: 1, receivedAtMs }
}

/** After how many days an event of a type is removed, by trying; undefined: never. */
function daysOf(type: string, retention: Retention): number | undefined {
  const nowMs = 1000 * dayMs
  const rules = rulesOf(retention)
  const isGone = (ageDays: number) =>
    rules.filter((rule) =>
      matches(event(type, nowMs - ageDays * dayMs), removalOf(rule, horizonMs(rule, nowMs))),
    )
  assert.ok(isGone(900).length <= 1, 'two rules for one type')
  const [rule] = isGone(900)
  if (rule === undefined) return undefined
  assert.deepEqual([isGone(rule.days).length, isGone(rule.days + 1e-6).length], [0, 1])
  return rule.days
}

describe('rules of retention', () => {
  const retention: Retention = {
    days: 90,
    types: { 'debug.*': 7, 'debug.keep.*': 30.5, 'debug.keep.this': 400, 'audit.login': 400 },
  }
  const cases: [string, Retention, number | undefined][] = [
    ['anything', retention, 90],
    ['audit.login', retention, 400],
    ['audit.login.failed', retention, 90],
    ['debug.x', retention, 7],
    ['debug.', retention, 7],
    ['debug', retention, 90],
    ['debug.keep.that', retention, 30.5],
    ['debug.keep.this', retention, 400],
    ['debug.keep.this.too', retention, 30.5],
    ['anything', {}, undefined],
    ['anything', { days: 0.5 }, 0.5],
    ['anything', { types: { 'debug.*': 1 } }, undefined],
    ['debug.x', { types: { 'debug.*': 1 } }, 1],
    ['a', { types: { 'a*': 1, a: 2 } }, 2],
    ['ab', { types: { 'a*': 1, a: 2 } }, 1],
  ]
  for (const [type, given, days] of cases) {
    it(`keep ${type} for ${days ?? 'ever'} days by ${JSON.stringify(given)}`, () => {
      assert.equal(daysOf(type, given), days)
    })
  }
})

describe('whether a selection might choose what a rule removed', () => {
  const types = (...values: string[]): Selection => ({ facets: [{ name: 'type', values }] })
  const begins = (...prefixes: string[]): Selection => {
    return { facets: [{ name: 'type', values: [], prefixes }] }
  }
  const cases: [string, Selection, string, boolean][] = [
    ['all', {}, '*', true],
    ['all', {}, 'debug.*', true],
    ['its type', types('debug.x'), 'debug.x', true],
    ['another type', types('debug.y'), 'debug.x', false],
    ['one type of several', types('a', 'debug.x'), 'debug.*', true],
    ['types elsewhere', types('a', 'debugger'), 'debug.*', false],
    ['a longer beginning', begins('debug.x.'), 'debug.*', true],
    ['a shorter beginning', begins('de'), 'debug.*', true],
    ['a shorter beginning of a type', begins('de'), 'debug.x', true],
    ['another beginning', begins('audit.'), 'debug.*', false],
    ['a type that was spared', types('audit.login'), '*', false],
    ['a beginning that was spared', begins('keep.this.'), '*', false],
    ['a beginning of which a part was spared', begins('keep'), '*', true],
    ['a spared type and another', types('audit.login', 'b'), '*', true],
    ['a type with a star in its name', types('debug.*'), 'debug.x', true],
    ['all but its types', { except: begins('debug.').facets! }, 'debug.x', false],
    ['all but a part of its types', { except: types('debug.x').facets! }, 'debug.*', true],
    ['all but a starred name', { except: types('debug*').facets! }, 'debug.x', true],
    ['what was received later', { receivedFromMs: 100 }, '*', false],
    ['what was received before', { receivedFromMs: 99 }, '*', true],
    [
      'two filters that exclude it',
      { facets: [...types('a').facets!, ...types('b').facets!] },
      'a',
      false,
    ],
  ]
  for (const [name, selection, pattern, expected] of cases) {
    it(`${name}, of ${pattern}: ${expected}`, () => {
      assert.equal(mightChoose(selection, pattern, ['audit.login', 'keep.*'], 100), expected)
    })
  }
})
