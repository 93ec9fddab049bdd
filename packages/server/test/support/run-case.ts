import assert from 'node:assert/strict'
import type { CaseRequest, CaseStep, NativeCase } from '../native-cases.ts'

/** An answer, however it came. */
export interface CaseAnswer {
  readonly status: number
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** A request with nothing left to fill in; the path is whole. */
export interface SentRequest {
  readonly method: NonNullable<CaseRequest['method']>
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** Whatever can send a request, with a key unless the request's own headers have one. */
export type Send = (request: SentRequest) => Promise<CaseAnswer>

/** Sends a case's requests one after the other, and compares the answers; each is shown to `look`, too. */
export async function runCase(
  { steps }: NativeCase,
  send: Send,
  look: (request: SentRequest, answer: CaseAnswer) => void = () => {},
): Promise<void> {
  const kept = new Map<string, string>()
  for (const step of steps) {
    const request = fill(step, kept)
    const answer = await send(request)
    const what = `${request.method} ${request.path}`
    assert.equal(answer.status, step.status, `${what}: ${answer.text}`)
    look(request, answer)
    for (const [name, pattern] of Object.entries(step.answerHeaders ?? {})) {
      assert.match(answer.headers[name] ?? '', pattern, `${what}: ${name}`)
    }
    const { answer: wanted } = step
    const isText = typeof wanted === 'string' || wanted instanceof RegExp
    const body: unknown = isText || answer.text === '' ? answer.text : parsed(answer)
    if (wanted !== undefined) assertHolds(body, wanted, what)
    if (step.keepText !== undefined) kept.set(step.keepText, answer.text)
    for (const [name, member] of Object.entries(step.keep ?? {})) {
      kept.set(name, String(memberOf(parsed(answer), member)))
    }
  }
}

function fill(step: CaseStep, kept: ReadonlyMap<string, string>): SentRequest {
  const { method = 'GET', path, headers = {}, body } = step
  const filled = (text: string) => text.replace(/\{(\w+)\}/g, (all, name) => kept.get(name) ?? all)
  const text = typeof body === 'object' ? JSON.stringify(body) : body
  return {
    method,
    path: `/eventwell${filled(path)}`,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, filled(value)]),
    ),
    body: text === undefined ? undefined : filled(text),
  }
}

function parsed({ text, headers }: CaseAnswer): unknown {
  return /[/+]json/.test(headers['content-type'] ?? '') ? JSON.parse(text) : text
}

function memberOf(value: unknown, path: string): unknown {
  return path.split('.').reduce((inner, name) => (inner as Record<string, unknown>)[name], value)
}

function assertHolds(actual: unknown, wanted: unknown, where: string): void {
  if (typeof wanted === 'function') {
    return assert.ok((wanted as (value: unknown) => boolean)(actual), `${where}: ${shown(actual)}`)
  }
  if (wanted instanceof RegExp) return assert.match(String(actual), wanted, where)
  if (typeof wanted !== 'object' || wanted === null) return assert.equal(actual, wanted, where)
  assert.ok(typeof actual === 'object' && actual !== null, `${where}: ${shown(actual)}`)
  if (Array.isArray(wanted)) {
    assert.equal((actual as unknown[]).length, wanted.length, `${where}: ${shown(actual)}`)
  }
  for (const [name, inner] of Object.entries(wanted)) {
    assertHolds((actual as Record<string, unknown>)[name], inner, `${where} ${name}`)
  }
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 500) ?? String(value)
}
