/** The members of a JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>

/** What a test puts into an event, whatever its shape. */
export interface Content {
  readonly id: string
  /** Names one state of one event: no two states that are ever sent have the same. */
  readonly mark: string
  readonly padding: string
  readonly isFinished: boolean
}

/** One way in: how it is called, what its events look like, how it says yes. */
export interface Door {
  readonly source: string
  readonly method: 'POST' | 'PUT'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly yes: number
  /** What this door does with an event of a known id and other content. */
  readonly onChange: 'replace' | 'refuse'
  /** A field without which an event is refused. */
  readonly requiredField: string
  /** The parameter of the native list that finds an event by what stands in it beside its id. */
  readonly idFacet: string
  event(content: Content): JsonObject
  /** What readers are shown as the event's `data`. */
  data(event: JsonObject): unknown
}

/** The header of a request that reads, or writes through most doors. */
export const bearer = { authorization: 'Bearer development' }

const time = '2026-03-01T10:00:00.000Z'
const wholeEvent = (event: JsonObject) => event
const itsData = (event: JsonObject) => event['data']

const speakeasy: Door = {
  source: 'speakeasy',
  method: 'POST',
  path: '/v1/workspace/default/events',
  headers: { 'x-api-key': 'development' },
  yes: 200,
  onChange: 'replace',
  requiredField: 'execution_id',
  idFacet: 'facet.execution_id',
  event: ({ id, mark, padding, isFinished }) => ({
    id,
    execution_id: id,
    workspace_id: 'default',
    speakeasy_api_key_name: 'crash',
    interaction_type: 'CLI_EXEC',
    local_started_at: time,
    ...(isFinished && { local_completed_at: time }),
    created_at: time,
    speakeasy_version: '1.2.3',
    success: isFinished,
    mark,
    padding,
  }),
  data: wholeEvent,
}

const logspace: Door = {
  source: 'logspace',
  method: 'PUT',
  path: '/events',
  headers: { 'logspace.space-token': 'development' },
  yes: 202,
  onChange: 'replace',
  requiredField: 'timestamp',
  idFacet: 'facet.marker',
  event: ({ id, mark, padding, isFinished }) => ({
    id,
    type: 'os/cpu',
    timestamp: time,
    system: 'crash',
    'agent-id': 'crash',
    marker: id,
    'boolean-properties': { finished: isFinished },
    mark,
    padding,
  }),
  data: wholeEvent,
}

const workos: Door = {
  source: 'workos',
  method: 'POST',
  path: '/workos/events',
  headers: bearer,
  yes: 200,
  onChange: 'refuse',
  requiredField: 'created_at',
  idFacet: 'subject',
  event: (data) => ({ id: data.id, event: 'crash.tested', created_at: time, data }),
  data: itsData,
}

const webex: Door = {
  source: 'webex',
  method: 'POST',
  path: '/webex/v1/events',
  headers: bearer,
  yes: 200,
  onChange: 'refuse',
  requiredField: 'created',
  idFacet: 'subject',
  event: (data) => ({
    id: data.id,
    resource: 'messages',
    type: 'created',
    actorId: 'crash',
    created: time,
    data,
  }),
  data: itsData,
}

const native: Door = {
  source: '/crash',
  method: 'POST',
  path: '/eventwell/events',
  headers: bearer,
  yes: 200,
  onChange: 'refuse',
  requiredField: 'type',
  idFacet: 'subject',
  event: (data) => ({
    specversion: '1.0',
    id: data.id,
    subject: data.id,
    source: '/crash',
    type: 'crash.tested',
    time,
    data,
  }),
  data: itsData,
}

/** Every door through which events come in. */
export const doors: readonly Door[] = [speakeasy, logspace, workos, webex, native]
