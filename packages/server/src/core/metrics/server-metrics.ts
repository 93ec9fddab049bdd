import { Metrics } from './metrics.ts'

/**
 * What the server counts about itself, all made here. No label tells of a workspace, a key or an event: what
 * they can be is known beforehand, and so is their number. docs/operating.md shows each.
 */
export class ServerMetrics {
  readonly all = new Metrics()

  /** By method, route (as it was declared) and status of each request that was answered. */
  readonly requestSeconds = this.all.histogram({
    name: 'http_server_request_duration_seconds',
    help: 'How long requests took until they were answered.',
    labels: ['http_request_method', 'http_route', 'http_response_status_code'],
  })

  /** By dialect and code. */
  readonly refusals = this.all.counter({
    name: 'eventwell_refused_requests_total',
    help: 'Requests that were refused.',
    labels: ['dialect', 'code'],
  })

  /** By the dialect that they came in by, and what became of them. */
  readonly events = this.all.counter({
    name: 'eventwell_events_total',
    help: 'Events that were put in: created, exists (sent again), replaced, conflict (not taken).',
    labels: ['dialect', 'outcome'],
  })

  readonly appendSeconds = this.all.histogram({
    name: 'eventwell_append_seconds',
    help: 'How long appends took until their events were on disk.',
  })

  /** By what was asked of the store. */
  readonly readSeconds = this.all.histogram({
    name: 'eventwell_read_seconds',
    help: 'How long the store took for a page, for one event, for a part of a summary.',
    labels: ['kind'],
  })

  readonly pendingChars = this.all.gauge({
    name: 'eventwell_pending_append_chars',
    help: 'Characters of events that wait for the disk.',
  })

  readonly pendingReads = this.all.gauge({
    name: 'eventwell_pending_reads',
    help: 'Reads that wait for the store.',
  })

  /** By what was asked of the store, and the code of its refusal. */
  readonly storeFailures = this.all.counter({
    name: 'eventwell_store_failures_total',
    help: 'What the store refused or failed to do.',
    labels: ['operation', 'code'],
  })

  readonly tailReaders = this.all.gauge({
    name: 'eventwell_tail_readers',
    help: 'Readers who are following.',
  })
}
