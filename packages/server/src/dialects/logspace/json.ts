import { isJsonObject } from '../../core/json/json.ts'
import { parseByRules } from '../../core/json/json-parser.ts'

/**
 * Parses the JSON that Logspace agents write, which `JSON.parse` cannot serve (contract 1.2):
 * - a name that is repeated in an object keeps all its values: objects merge, all else becomes an array;
 * - bare `NaN`, `Infinity` and `-Infinity` become the strings of that spelling;
 * - numbers keep the spelling that they were sent with.
 * @throws EventwellError `invalid_json` naming the place.
 */
export function parseAgentJson(text: string): unknown {
  const ours = new WeakSet<unknown[]>()
  return parseByRules(text, { joinRepeated, nonFinite: (word) => word, number })

  /** Arrays that were made here grow in place, however often a name repeats. */
  function joinRepeated(before: unknown, further: unknown): unknown {
    if (isJsonObject(before) && isJsonObject(further)) {
      for (const name in further) {
        before[name] = name in before ? joinRepeated(before[name], further[name]) : further[name]
      }
      return before
    }
    const isOurs = Array.isArray(before) && ours.has(before)
    const all: unknown[] = isOurs ? before : [before].flat()
    ours.add(all)
    if (!Array.isArray(further)) all.push(further)
    else for (const one of further) all.push(one)
    return all
  }
}

function number(spelling: string): unknown {
  const value = Number(spelling)
  return String(value) === spelling ? value : JSON.rawJSON(spelling)
}
