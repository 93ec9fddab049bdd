// RFC 9110 section 5.6.7: the form that is written today, and the two obsolete ones that must be understood.
const clockTime = String.raw`(?<time>\d{2}:\d{2}:\d{2})`
const month = '(?<month>[A-Z][a-z]{2})'
const forms = [
  String.raw`[A-Z][a-z]{2}, (?<day>\d{2}) ${month} (?<year>\d{4}) ${clockTime} GMT`,
  String.raw`[A-Z][a-z]+day, (?<day>\d{2})-${month}-(?<year>\d{2}) ${clockTime} GMT`,
  String.raw`[A-Z][a-z]{2} ${month} (?<day>[ \d]\d) ${clockTime} (?<year>\d{4})`,
].map((form) => new RegExp(`^${form}$`))

/**
 * The time that a date of HTTP says, in milliseconds since 1970; `undefined` for any other text. `Date.parse`
 * alone would take "-5" or "12 apples" for a date, and some of them for a local time.
 * @param nowMs The present: a year of two digits is at most 50 years after it.
 */
export function httpDateMs(text: string, nowMs: number): number | undefined {
  const parts = forms.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined)
  if (parts === undefined) return undefined
  const { day = '', month: name = '', year = '', time = '' } = parts
  const whole = year.length === 2 ? wholeYear(Number(year), nowMs) : year
  // The one form that every runtime must understand; the day of the week says nothing new.
  const atMs = Date.parse(`Thu, ${day.replace(' ', '0')} ${name} ${whole} ${time} GMT`)
  return Number.isNaN(atMs) ? undefined : atMs
}

function wholeYear(lastTwo: number, nowMs: number): number {
  const now = new Date(nowMs).getUTCFullYear()
  const year = now - (now % 100) + lastTwo
  return year > now + 50 ? year - 100 : year
}
