import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { constants, createGunzip, createZstdDecompress, type Gunzip } from 'node:zlib'
import { EventwellError } from '../../../core/errors.ts'

// RFC 9659: no more memory than this window is asked of those who decode zstd for HTTP.
const zstdWindowLogMax = 23
const chunkSize = 64 * 1024

const decoders: Readonly<Record<string, () => Gunzip>> = {
  gzip: () => createGunzip({ chunkSize }),
  'x-gzip': () => createGunzip({ chunkSize }),
  zstd: () =>
    createZstdDecompress({
      chunkSize,
      params: { [constants.ZSTD_d_windowLogMax]: zstdWindowLogMax },
    }),
}

/** A request's body as it comes, decoded. */
export interface DecodedBody {
  /** Its bytes. Whoever reads them leaves the stream open, and calls `release` in the end. */
  readonly stream: Readable
  readonly isCompressed: boolean
  /** Of how many bytes, as they were sent, the stream was made until now. */
  sentBytes(): number
  /** The refusal that stands for what was thrown while it was read. */
  refusalOf(thrown: unknown): unknown
  /** Once all was read. @throws EventwellError `invalid_json` when something else follows the body's end. */
  checkEnd(): void
  /** Reads nothing more. What the client still sends is dropped, so that it comes to read its answer. */
  release(): void
}

/**
 * Decodes a body that has a `Content-Encoding`, as fast as it is read.
 * @throws EventwellError `unsupported_encoding` naming the encodings that are taken.
 */
export function decodedBody(payload: IncomingMessage, encoding: string | undefined): DecodedBody {
  const name = (encoding ?? '').trim().toLowerCase()
  if (name === '' || name === 'identity') return plainBody(payload)
  if (!Object.hasOwn(decoders, name)) {
    const message = 'Content-Encoding may be gzip, zstd or identity, and only one of them.'
    throw new EventwellError('unsupported_encoding', message)
  }
  const decoder = decoders[name]!()
  let receivedBytes = 0
  // Not by a pipeline, which would destroy the socket with the decoder: nobody could be told why.
  payload.pipe(decoder)
  payload.on('data', (chunk: Buffer) => {
    receivedBytes += chunk.length
  })
  payload.once('error', (cause) => decoder.destroy(cutOff(cause)))
  payload.once('close', () => {
    if (!payload.readableEnded) decoder.destroy(cutOff())
  })
  return {
    stream: decoder,
    isCompressed: true,
    sentBytes: () => decoder.bytesWritten,
    refusalOf(thrown) {
      return isDecoders(thrown) || isDecoders((thrown as Error).cause)
        ? new EventwellError('invalid_json', notWhole(name), [], thrown)
        : asRefusal(thrown)
    },
    checkEnd() {
      // What follows the last frame of zstd is passed over without a word.
      if (name !== 'zstd' || decoder.bytesWritten >= receivedBytes) return
      throw new EventwellError('invalid_json', notWhole(name))
    },
    release() {
      payload.unpipe(decoder)
      decoder.destroy()
      payload.resume()
    },
  }
}

function plainBody(payload: IncomingMessage): DecodedBody {
  return {
    stream: payload,
    isCompressed: false,
    sentBytes: () => 0,
    refusalOf: asRefusal,
    checkEnd() {},
    release() {
      payload.resume()
    },
  }
}

function notWhole(name: string): string {
  return `The body is not ${name} as its Content-Encoding says, or not whole; send it again.`
}

function isDecoders(thrown: unknown): boolean {
  const { code } = (thrown ?? {}) as { code?: unknown }
  return typeof code === 'string' && /^Z(STD)?_/.test(code)
}

/** A stream that ends before its end says so in its own words. */
function asRefusal(thrown: unknown): unknown {
  if (thrown instanceof EventwellError) return thrown
  const { code } = (thrown ?? {}) as { code?: unknown }
  const isCut = code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE'
  return isCut ? cutOff(thrown) : thrown
}

function cutOff(cause?: unknown): EventwellError {
  return new EventwellError('invalid_json', 'The body ended before it was whole.', [], cause)
}
