import type { Absence, Operation } from '../shared/routes.ts'

/** What of HQ's API is served, in the order of the page. Names that HQ does not give are ours. */
export const operations = [
  { name: 'store events', method: 'PUT', path: '/events', note: 'all four dialects' },
  {
    name: 'store or retrieve events',
    method: 'POST',
    path: '/events',
    note: 'a body that begins with `[` is stored (dialect A); an EventFilter or no body retrieves',
  },
  {
    name: 'retrieve events',
    method: 'GET',
    path: '/events',
    note: '`count`, `cursor`, `filter`; at the root only with a token header, else it is WorkOS’s',
  },
  {
    name: 'stream events',
    method: 'POST',
    path: '/event-stream',
    note: 'any number of events, in constant memory',
  },
  { name: 'announce capabilities', method: 'PUT', path: '/capabilities/:controllerId', note: '' },
  {
    name: 'read capabilities',
    method: 'GET',
    path: '/capabilities/:controllerId',
    note: 'ours: what a controller announced',
  },
  {
    name: 'poll an order',
    method: 'GET',
    path: '/orders/:controllerId',
    note: '`Last-Modified`, 304',
  },
  {
    name: 'give an order',
    method: 'PUT',
    path: '/orders/:controllerId',
    note: 'ours; asks for a key that may read and write, so no agent can give one',
  },
  {
    name: 'take an order back',
    method: 'DELETE',
    path: '/orders/:controllerId',
    note: 'ours; agents keep the order that they have',
  },
  { name: 'suggest', method: 'POST', path: '/suggestion', note: '' },
  { name: 'suggest by parameters', method: 'GET', path: '/suggestion', note: '' },
  {
    name: 'time series',
    method: 'POST',
    path: '/time-series',
    note: '`count`, `sum`, `avg`, `min`, `max`',
  },
  { name: 'agent activity', method: 'GET', path: '/agent-activity', note: '' },
  {
    name: 'download',
    method: 'POST',
    path: '/download',
    note: 'every event of the series as CSV',
  },
] as const satisfies readonly Operation[]

/** What of HQ's API is not served. */
export const absent: readonly Absence[] = [
  { name: 'native query', reason: 'it passes queries of Solr on to Solr; there is none here' },
  { name: '`POST /suggest`, `POST /query`', reason: 'the same of release 0.2.0, in another shape' },
  { name: 'reports', reason: 'saved charts of an HQ that was never released' },
]
