import type { CliEvent } from '@eventwell/client/speakeasy'
import {
  generateBumpTypes,
  interactionTypes,
  openapiDiffBumpTypes,
} from '@eventwell/client/speakeasy'
import { cliEventFields, type FieldKind } from '../../src/speakeasy/fields.ts'

/** An event with the nine required fields alone, and what a test adds. */
export function anEvent(id: string, more: Partial<CliEvent> = {}): CliEvent {
  return {
    id,
    executionId: 'x-1',
    workspaceId: 'ws_orchard',
    speakeasyApiKeyName: '',
    interactionType: 'CLI_EXEC',
    localStartedAt: new Date('2025-04-02T07:15:00.250Z'),
    createdAt: new Date('2025-04-02T07:15:00.251Z'),
    speakeasyVersion: '1.542.3',
    success: false,
    ...more,
  }
}

const samples = {
  text: 'some text, ünïcödé 🍐\n"',
  time: new Date('2025-04-02T07:15:13.870Z'),
  truth: true,
  whole: 12_750,
}

/** An event with all 82 fields; the number chooses among the values of the lists. */
export function aFullEvent(id: string, n = 0): CliEvent {
  const lists = new Map<unknown, readonly string[]>(
    [interactionTypes, generateBumpTypes, openapiDiffBumpTypes].map((list) => [list, list]),
  )
  const fields = Object.entries(cliEventFields).map(([name, kind]: [string, FieldKind]) => {
    const list = lists.get(kind)
    return [
      name,
      list === undefined ? samples[kind as keyof typeof samples] : list[n % list.length],
    ]
  })
  return { ...(Object.fromEntries(fields) as unknown as CliEvent), id }
}
