import type { StoredEvent } from '../../../core/event.ts'
import { csvHeader, csvLine } from './csv.ts'
import { attributesOf, cursorAttribute, objectText } from '../encode.ts'

/** How exported events are written down. */
export interface ExportFormat {
  readonly mediaType: string
  /** The end of a file's name, without the dot. */
  readonly extension: string
  /** What stands before the first event, between two, and behind the last. */
  readonly before: string
  readonly between: string
  readonly behind: string
  /** An event, with the cursor that stands behind it. */
  readonly line: (event: StoredEvent, cursor: string) => string
}

/** The formats of an export, by their names. */
export const exportFormats = {
  ndjson: {
    mediaType: 'application/x-ndjson',
    extension: 'ndjson',
    before: '',
    between: '',
    behind: '',
    line: (event, cursor) => `${withCursor(event, cursor)}\n`,
  },
  csv: {
    mediaType: 'text/csv; charset=utf-8; header=present',
    extension: 'csv',
    before: csvHeader,
    between: '',
    behind: '',
    line: csvLine,
  },
  cloudevents: {
    mediaType: 'application/cloudevents-batch+json; charset=utf-8',
    extension: 'json',
    before: '[',
    between: ',\n',
    behind: ']\n',
    line: withCursor,
  },
} as const satisfies Record<string, ExportFormat>

/** The event as a CloudEvent with one extension more; one that it brought from elsewhere gives way. */
function withCursor(event: StoredEvent, cursor: string): string {
  return objectText({ ...attributesOf(event), [cursorAttribute]: cursor }, event.data)
}
