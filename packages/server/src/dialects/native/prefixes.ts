/** What our own API stands below. */
export const prefixes: readonly string[] = ['/eventwell']
