import type { Absence, Operation } from '../shared/routes.ts'

/** What our own API does. */
export const operations = [
  {
    name: 'append',
    method: 'POST',
    path: '/events',
    note: 'one CloudEvent (structured mode) or an array (batch mode): all or none',
  },
  { name: 'list', method: 'GET', path: '/events', note: 'in order of position' },
] as const satisfies readonly Operation[]

/** What it is going to do. */
export const absent: readonly Absence[] = [
  { name: 'CloudEvents in binary mode', reason: 'not yet: refused' },
  { name: 'NDJSON and compressed bodies', reason: 'not yet: refused' },
  {
    name: 'get by id, tail, histogram, aggregates, export, named consumers',
    reason: 'not yet',
  },
]
