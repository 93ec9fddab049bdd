// The readers of the tail's benchmark, in a process of their own: `tail-readers.ts <url> <readers>`. Says
// that it is ready, is told how many events each reader should see, and answers with what they saw.
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'

/** What each reader saw: the events' sequences in order, and when each came, in ms since 1970. */
export interface TailArrivals {
  readonly sequences: readonly (readonly string[])[]
  readonly timesMs: readonly (readonly number[])[]
}

const lookMs = 20
const [url, readers] = process.argv.slice(2)
const sequences: string[][] = []
const timesMs: number[][] = []
await Promise.all(Array.from({ length: Number(readers) }, open))
process.send!('ready')
const [{ count, msMax }] = (await once(process, 'message')) as [{ count: number; msMax: number }]
const deadlineMs = performance.now() + msMax
while (sequences.some(({ length }) => length < count) && performance.now() < deadlineMs) {
  await new Promise((resolve) => setTimeout(resolve, lookMs))
}
process.send!({ sequences, timesMs } satisfies TailArrivals, () => process.exit())

/** Opens one reader; resolves when its stream has begun. */
async function open(): Promise<void> {
  const headers = { authorization: 'Bearer development' }
  const request = get(`${url}/eventwell/tail`, { headers, agent: false })
  const [answer] = (await once(request, 'response')) as [IncomingMessage]
  if (answer.statusCode !== 200) throw new Error(`The tail was answered ${answer.statusCode}.`)
  const seen: string[] = []
  const times: number[] = []
  sequences.push(seen)
  timesMs.push(times)
  let text = ''
  answer.setEncoding('latin1')
  answer.on('data', (chunk: string) => {
    const atMs = performance.timeOrigin + performance.now()
    text += chunk
    const end = text.lastIndexOf('\n\n') + 2
    // Parsing each event a hundred times would measure this process.
    for (const [, sequence] of text.slice(0, end).matchAll(/"sequence":"(\d{16})"/g)) {
      seen.push(sequence!)
      times.push(atMs)
    }
    if (end > 1) text = text.slice(end)
  })
  await once(answer, 'data')
}
