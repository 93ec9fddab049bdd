import { readFileSync } from 'node:fs'
import type { EventwellError } from './core/errors.ts'
import { decodeUtf8, isJsonObject, type JsonObject } from './core/json/json.ts'
import { parseByRules, standardRules } from './core/json/json-parser.ts'

/**
 * The JSON object in a file, with every number's value.
 * @throws Error that says which file, and where the fault is; never what stands there: it may be secret.
 */
export function readJsonFile(file: string): JsonObject {
  const content = parse(file, read(file))
  if (isJsonObject(content)) return content
  throw new Error(`${file} must hold a JSON object.`)
}

function read(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    const { code } = error as { code?: string }
    const reason = code === 'ENOENT' ? 'There is no such file' : `It cannot be read (${code})`
    throw new Error(`${reason}: ${file}`, { cause: error })
  }
}

function parse(file: string, bytes: Buffer): unknown {
  try {
    return parseByRules(decodeUtf8(bytes), standardRules)
  } catch (error) {
    const { message, code } = error as EventwellError
    const what = code === 'too_large' ? 'holds too much to be read at once' : 'is no JSON'
    throw new Error(`${file} ${what}. ${message.replace(/^The (?:body|JSON)/, 'It')}`, {
      cause: error,
    })
  }
}
