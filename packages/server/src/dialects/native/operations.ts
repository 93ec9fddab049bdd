import type { Absence } from '../shared/routes.ts'
import { ingestOperations } from './ingest.ts'
import type { NativeOperation } from './operation.ts'
import { readOperations } from './reads.ts'

/** What our own API does. */
export const operations: readonly NativeOperation[] = [...ingestOperations, ...readOperations]

/** What it is going to do. */
export const absent: readonly Absence[] = [
  { name: 'CloudEvents in binary mode', reason: 'not yet: refused' },
  { name: 'NDJSON and compressed bodies', reason: 'not yet: refused' },
  {
    name: 'get by id, tail, histogram, aggregates, export, named consumers',
    reason: 'not yet',
  },
]
