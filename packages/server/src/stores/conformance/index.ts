import { describe } from 'node:test'
import { appendCases } from './appends.ts'
import { lifecycleCases } from './lifecycle.ts'
import { pageCases } from './pages.ts'
import { queryCases } from './queries.ts'
import { noteCases } from './notes.ts'
import { removalCases } from './removals.ts'
import { summaryCases } from './summaries.ts'
import { Suite, type StoreFactory } from './suite.ts'

/**
 * Every promise of the store contract as a case. A store that passes may stand behind the log. Each case
 * has a workspace of its own.
 */
export function storeConformance(name: string, factory: StoreFactory): void {
  describe(`store conformance: ${name}`, () => {
    const suite = new Suite(factory)
    appendCases(suite)
    queryCases(suite)
    pageCases(suite)
    summaryCases(suite)
    noteCases(suite)
    removalCases(suite)
    lifecycleCases(suite)
  })
}
