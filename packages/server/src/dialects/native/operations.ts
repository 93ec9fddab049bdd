import type { Absence } from '../shared/routes.ts'
import { consumerOperations } from './consumers/consumers.ts'
import { docOperations } from './documentation/doc-routes.ts'
import { erasureOperations } from './removal/erasures.ts'
import { exportOperations } from './export/export.ts'
import { ingestOperations } from './append/ingest.ts'
import type { NativeOperation } from './operation.ts'
import { readOperations } from './read/reads.ts'
import { retentionOperations } from './removal/retention.ts'
import { summaryOperations } from './summaries/summaries.ts'
import { tailOperations } from './tail/tail.ts'

/** What our own API does. */
export const operations: readonly NativeOperation[] = [
  ...tagged('events', [...ingestOperations, ...readOperations]),
  ...tagged('summaries', summaryOperations),
  ...tagged('tail', tailOperations),
  ...tagged('export', exportOperations),
  ...tagged('consumers', consumerOperations),
  ...tagged('removal', [...erasureOperations, ...retentionOperations]),
  ...tagged('documentation', docOperations),
]

function tagged(tag: string, some: readonly NativeOperation[]): NativeOperation[] {
  return some.map((operation) => ({ ...operation, tag }))
}

/** What it does not do. */
export const absent: readonly Absence[] = []
