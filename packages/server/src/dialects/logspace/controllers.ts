import { EventwellError } from '../../core/errors.ts'
import { isJsonObject, jsonType, parseJson, readJson, type JsonObject } from '../../core/json.ts'
import type { EventLog } from '../../core/log.ts'
import { HqRefusal } from './refusals.ts'

const prefix = 'logspace/capabilities/'
const controllersMax = 1000
const capabilitiesCharsMax = 256 * 1024
const idCharsMax = 512

/** Checks the id of an agent controller, which is a part of the path of its routes. */
export function checkControllerId(id: string): string {
  if (id !== '' && id.length <= idCharsMax && id.isWellFormed()) return id
  throw new HqRefusal(
    'INVALID_CONTROLLER_ID',
    `The ID of a controller has 1 to ${idCharsMax} characters.`,
  )
}

/**
 * Keeps what a controller announced, as it is, in place of what it announced before (contract 2.4). An agent
 * never announces again what was refused, so whatever names its controller is taken.
 * @throws HqRefusal `INVALID_CONTROLLER_ID`; EventwellError `too_large`.
 */
export async function putCapabilities(
  log: EventLog,
  workspace: string,
  controllerId: string,
  text: string,
): Promise<void> {
  const body = readJson(text)
  if (!isJsonObject(body)) {
    const message = `Capabilities must be an object, not ${jsonType(body)}.`
    throw new EventwellError('invalid_event', message)
  }
  if (body['id'] !== controllerId) {
    const message = 'The ID in the path does not match the ID in the payload.'
    throw new HqRefusal('INVALID_CONTROLLER_ID', message)
  }
  if (text.length > capabilitiesCharsMax) {
    const message = `Capabilities may have at most ${capabilitiesCharsMax} characters.`
    throw new EventwellError('too_large', message)
  }
  const known = await log.notes(workspace, prefix)
  if (known.size >= controllersMax && !known.has(prefix + controllerId)) {
    const message = `This space has ${controllersMax} controllers already; no more can announce.`
    throw new EventwellError('too_large', message)
  }
  await log.putNote(workspace, prefix + controllerId, text)
}

/**
 * What a controller announced, as JSON text.
 * @throws HqRefusal `CAPABILITIES_NOT_FOUND`.
 */
export async function capabilitiesOf(
  log: EventLog,
  workspace: string,
  controllerId: string,
): Promise<string> {
  const text = await log.note(workspace, prefix + controllerId)
  if (text !== undefined) return text
  const message = `There are no capabilities of a controller with ID '${controllerId}'.`
  throw new HqRefusal('CAPABILITIES_NOT_FOUND', message, { 'controller-id': controllerId })
}

/** What all controllers of a space announced. */
export async function allCapabilities(log: EventLog, workspace: string): Promise<JsonObject[]> {
  const notes = await log.notes(workspace, prefix)
  return [...notes.values()].map((text) => parseJson(text) as JsonObject)
}
