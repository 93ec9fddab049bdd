// Agents plan their work with Quartz, and an expression that Quartz refuses, or one that never fires, ends an
// agent's reading of its order in the middle, with all its plans cleared before. So orders are held to the same
// rules: six or seven fields, of which exactly one of the two kinds of days is `?`.

interface Field {
  readonly name: string
  readonly least: number
  readonly most: number
  readonly names?: readonly string[]
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
// Quartz looks no further than 100 years ahead, and warns of years from 2100 on.
const lastYear = 2099
// Agents reckon in their own time; the farthest east is this far ahead of UTC.
const easternmostMs = 14 * 3_600_000

const seconds: Field = { name: 'seconds', least: 0, most: 59 }
const minutes: Field = { name: 'minutes', least: 0, most: 59 }
const hours: Field = { name: 'hours', least: 0, most: 23 }
const daysOfMonth: Field = { name: 'days of the month', least: 1, most: 31 }
const monthsOfYear: Field = { name: 'months', least: 1, most: 12, names: months }
const daysOfWeek: Field = { name: 'days of the week', least: 1, most: 7, names: weekdays }
const years: Field = { name: 'years', least: 1970, most: lastYear }

/** Whether a day of a month is meant; weekdays count from 1 for Sunday. */
type DayRule = (day: CalendarDay) => boolean

/** The days that an expression means. */
interface Days {
  readonly years: ReadonlySet<number>
  readonly months: ReadonlySet<number>
  readonly isDay: DayRule
}

interface CalendarDay {
  readonly day: number
  readonly weekday: number
  readonly lastDay: number
}

/**
 * What is wrong with a Quartz cron expression, as the end of a sentence; undefined when an agent can take it
 * and will fire after `nowMs`.
 */
export function faultOfCron(expression: string, nowMs: number): string | undefined {
  const fields = expression.replaceAll(/^[ \t]+|[ \t]+$/g, '').split(/[ \t]+/)
  if (fields.length < 6 || fields.length > 7) return 'must have six or seven fields'
  try {
    const [second = '', minute = '', hour = '', day = '', month = '', weekday = '', year = '*'] =
      fields
    if ((day === '?') === (weekday === '?')) {
      return 'must have ? for exactly one of the day of the month and the day of the week'
    }
    const time = [numbersOf(hour, hours), numbersOf(minute, minutes), numbersOf(second, seconds)]
    const isDay = day === '?' ? weekdayRule(weekday) : dayRule(day)
    const [inMonths, inYears] = [numbersOf(month, monthsOfYear), numbersOf(year, years)]
    return willFire({ years: inYears, months: inMonths, isDay }, time, nowMs)
      ? undefined
      : 'never fires'
  } catch (error) {
    if (error instanceof CronFault) return error.message
    throw error
  }
}

class CronFault extends Error {}

/** The numbers that a field means. */
function numbersOf(text: string, field: Field): Set<number> {
  const found = new Set<number>()
  for (const part of text.split(',')) {
    const [, range = '', step] = /^([^/]*)(?:\/(\d{1,4}))?$/.exec(part) ?? fail(part, field)
    const [start, end] = rangeOf(range, step !== undefined, field)
    const stride = step === undefined ? 1 : Number(step)
    if (stride < 1 || stride > field.most) fail(part, field)
    const size = field.most - field.least + 1
    if (end < start && field === years) fail(part, field)
    // Else a range may go over the end of its kind: 22-2 are the hours from ten to two.
    const length = end >= start ? end - start : end + size - start
    for (let at = 0; at <= length; at += stride) {
      found.add(((start - field.least + at) % size) + field.least)
    }
  }
  return found
}

function rangeOf(text: string, hasStep: boolean, field: Field): [start: number, end: number] {
  if (text === '*' || (text === '' && hasStep)) return [field.least, field.most]
  const [first, second, ...more] = text.split('-')
  if (more.length > 0) fail(text, field)
  const start = numberOf(first!, field)
  // Names may stand on both sides of a range, or on none.
  if (second !== undefined && /\d/.test(first!) !== /\d/.test(second)) fail(text, field)
  if (second !== undefined) return [start, numberOf(second, field)]
  return [start, hasStep ? field.most : start]
}

function numberOf(text: string, field: Field): number {
  const name = field.names?.indexOf(text.toUpperCase()) ?? -1
  if (name >= 0) return name + 1
  const number = /^\d{1,4}$/.test(text) ? Number(text) : NaN
  return number >= field.least && number <= field.most ? number : fail(text, field)
}

/** `L`, `L-3`, `LW`, `15W`, or plain days. (`L-3W` is refused: Quartz never comes back from some of these.) */
function dayRule(text: string): DayRule {
  const [isLast, offset = '0'] = /^L(?:-(\d{1,2}))?$/i.exec(text) ?? []
  if (isLast !== undefined) {
    const before = Number(offset) <= 30 ? Number(offset) : fail(text, daysOfMonth)
    return ({ day, lastDay }) => day === lastDay - before
  }
  const [, nearest] = /^(L|\d{1,2})W$/i.exec(text) ?? []
  if (nearest !== undefined) {
    const wanted = /^L$/i.test(nearest) ? undefined : numberOf(nearest, daysOfMonth)
    return (date) => date.day === weekdayNear(wanted ?? date.lastDay, date)
  }
  const days = numbersOf(text, daysOfMonth)
  return ({ day }) => days.has(day)
}

/** The day from Monday to Friday nearest to a day, in its month; undefined if that has no such day. */
function weekdayNear(wanted: number, { day, weekday, lastDay }: CalendarDay): number | undefined {
  if (wanted > lastDay) return undefined
  const wantedWeekday = ((((weekday - 1 + wanted - day) % 7) + 7) % 7) + 1
  if (wantedWeekday === 7) return wanted === 1 ? 3 : wanted - 1
  if (wantedWeekday === 1) return wanted === lastDay ? wanted - 2 : wanted + 1
  return wanted
}

/** `6L`, `L`, `6#3`, or plain weekdays. */
function weekdayRule(text: string): DayRule {
  if (/^L$/i.test(text)) return ({ weekday }) => weekday === 7
  const [, last] = /^(\w+)L$/i.exec(text) ?? []
  if (last !== undefined && !daysOfWeek.names!.includes(text.toUpperCase())) {
    const wanted = numberOf(last, daysOfWeek)
    return ({ weekday, day, lastDay }) => weekday === wanted && day > lastDay - 7
  }
  const [, which, nth] = /^(\w+)#([1-5])$/.exec(text) ?? []
  if (which !== undefined) {
    const wanted = numberOf(which, daysOfWeek)
    return ({ weekday, day }) => weekday === wanted && Math.ceil(day / 7) === Number(nth)
  }
  const days = numbersOf(text, daysOfWeek)
  return ({ weekday }) => days.has(weekday)
}

/** Whether there is a day to come on which it fires, in whatever zone the agent's clock is. */
function willFire(
  { years, months, isDay }: Days,
  time: readonly ReadonlySet<number>[],
  nowMs: number,
): boolean {
  const [hour = 0, minute = 0, second = 0] = time.map((numbers) => Math.max(...numbers))
  const lastTimeMs = ((hour * 60 + minute) * 60 + second) * 1000
  for (const year of years) {
    if (Date.UTC(year, 12) <= nowMs) continue
    for (const month of months) {
      const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate()
      for (let day = 1; day <= lastDay; day++) {
        const dayMs = Date.UTC(year, month - 1, day)
        const weekday = new Date(dayMs).getUTCDay() + 1
        if (isDay({ day, weekday, lastDay }) && dayMs + lastTimeMs > nowMs + easternmostMs)
          return true
      }
    }
  }
  return false
}

function fail(text: string, { name }: Field): never {
  throw new CronFault(`has "${text}" where ${name} should stand`)
}
