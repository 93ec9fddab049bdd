const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
})

/**
 * The checksum CRC-32 (of zip and Ethernet) of some bytes, as eight hexadecimal digits. Node has one of
 * its own only from 20.15 on.
 */
export function crc32(bytes: Uint8Array): string {
  let crc = -1
  for (let index = 0; index < bytes.length; index += 1) {
    crc = (crc >>> 8) ^ table[(crc ^ bytes[index]!) & 0xff]!
  }
  return ((crc ^ -1) >>> 0).toString(16).padStart(8, '0')
}
