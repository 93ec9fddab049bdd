import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { bodyText } from './load.ts'

/** What no server of this kind can exceed on this machine. */
export interface Ceilings {
  /** Events a second that `JSON.parse` takes in on one core. */
  readonly parsedEvents: number
  /** The same, with decoding the bytes from UTF-8. */
  readonly decodedEvents: number
  /** Synced appends of 4 kB a second, one after the other. */
  readonly syncs: number
  /** Mean length of an event in the bodies, in bytes. */
  readonly eventBytes: number
}

const eventsPerBody = 500
const bodies = 40
const minMs = 1000
const appendBytes = 4096

/** Measures the ceilings: parsing on this thread, syncing in the folder where the data will lie. */
export function measureCeilings(folder: string): Ceilings {
  const texts = Array.from({ length: bodies }, (_, index) => {
    return bodyText(index * eventsPerBody, eventsPerBody)
  })
  const bytes = texts.map((text) => Buffer.from(text))
  const total = texts.reduce((sum, text) => sum + text.length, 0)
  const next = roundRobin()
  // A parse of each before the clock starts: the first calls are slower.
  for (const text of texts) JSON.parse(text)
  return {
    parsedEvents: eventsPerBody * perSecond(() => JSON.parse(texts[next()]!)),
    decodedEvents: eventsPerBody * perSecond(() => JSON.parse(bytes[next()]!.toString())),
    syncs: measureSyncs(join(folder, 'sync-probe')),
    eventBytes: total / (bodies * eventsPerBody),
  }
}

function measureSyncs(file: string): number {
  const descriptor = openSync(file, 'w')
  const block = Buffer.alloc(appendBytes, 'x')
  try {
    return perSecond(() => {
      writeSync(descriptor, block)
      fdatasyncSync(descriptor)
    })
  } finally {
    closeSync(descriptor)
    rmSync(file)
  }
}

function roundRobin(): () => number {
  let index = 0
  return () => index++ % bodies
}

function perSecond(work: () => void): number {
  const startMs = performance.now()
  let calls = 0
  let spentMs = 0
  while (spentMs < minMs) {
    work()
    calls += 1
    spentMs = performance.now() - startMs
  }
  return (calls * 1000) / spentMs
}
