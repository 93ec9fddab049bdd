import type { Example, NativeOperation } from '../operation.ts'
import { prefixes } from '../prefixes.ts'

// What a server that was told nothing else listens at, and the key that is good there.
const localUrl = 'http://127.0.0.1:4567'
const localKey = 'development'

/** An example of an operation as a line for the shell. */
export function curlOf(
  { method, body, scope, prefixes: [prefix = ''] = prefixes }: NativeOperation,
  { target, headers = {}, body: text }: Example,
  publicUrl: string | undefined,
): string {
  const key = publicUrl === undefined ? localKey : '<key>'
  const [mediaType] = Object.keys(body ?? {})
  const saysType = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')
  const sent = {
    ...(scope !== undefined && { Authorization: `Bearer ${key}` }),
    ...(text !== undefined && !saysType && { 'Content-Type': mediaType }),
    ...headers,
  }
  const isUsual = method === (text === undefined ? 'GET' : 'POST')
  const words = [
    quote(`${publicUrl ?? localUrl}${prefix}${target}`),
    ...(isUsual ? [] : ['-X', method]),
    ...Object.entries(sent).flatMap(([name, value]) => ['-H', quote(`${name}: ${value}`)]),
    ...(text === undefined ? [] : ['-d', quote(text)]),
  ]
  return ['curl', ...words].join(' ')
}

function quote(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`
}
