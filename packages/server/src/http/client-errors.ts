import type { Socket } from 'node:net'
import { mayTakeLong } from '../dialects/shared/long-requests.ts'

const answers: Readonly<Record<string, readonly [status: string, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [
    '408 Request Timeout',
    'The request took too long to come; send it again.',
  ],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are too large.'],
}
const otherwise = ['400 Bad Request', 'This is not HTTP as it is read here.'] as const

/**
 * Answers a connection on which no request can be read any more, and ends it. A request whose time is
 * over, but which may take long, goes on.
 */
export function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  const { code = '' } = error
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT' && mayTakeLong(socket)) return
  if (code === 'ECONNRESET' || socket.destroyed) return
  const [status, message] = answers[code] ?? otherwise
  const body = JSON.stringify({ status: Number.parseInt(status, 10), message })
  const head = `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nConnection: close`
  if (socket.writable) socket.write(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
  socket.destroy(error)
}
