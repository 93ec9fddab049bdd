/**
 * The text of a body.
 * @throws RangeError when it has more bytes than this; the rest is not read.
 */
export async function readText(response: Response, bytesMax: number): Promise<string> {
  if (response.body === null) return ''
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let bytes = 0
  let text = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return text + decoder.decode()
      bytes += value.byteLength
      if (bytes > bytesMax) throw new RangeError(`The body has more than ${bytesMax} bytes.`)
      text += decoder.decode(value, { stream: true })
    }
  } finally {
    // Harmless at the end; before it, the connection is given back. Nobody waits for how that goes.
    reader.cancel().catch(() => undefined)
  }
}

const drainedBytesMax = 1024 * 1024

/** Reads what nobody needs, so that the connection can be used again; a mebibyte at most. */
export async function drain(response: Response): Promise<void> {
  await readText(response, drainedBytesMax).catch(() => '')
}
