// The readers of JavaScript, asked as tests/readers/batch.py asks all of them.
//
// node read.mjs NAME FROM TO < LIST    one line of JSON a file: {"occurrences": [[START, END, STATUS, SUMMARY], ...]}
// node read.mjs NAME FILE FROM TO      START END STATUS SUMMARY, a line an occurrence
//
// FROM and TO are days as 2027-01-04; an occurrence belongs to them when it starts in [FROM, TO), in UTC.
import {readFileSync} from 'node:fs';
import process from 'node:process';

const DAY = 86_400_000;
const MARGIN = 2 * DAY; // readers disagree about the edges of a window; ours is cut here, for all alike

const stamp = moment => new Date(moment).toISOString().replaceAll(/[-:]|\.\d+/g, '');

const READERS = {
  // Thunderbird and Nextcloud: the zones are those of the file, and no others.
  async 'ical.js'() {
    const {default: ICAL} = await import('ical.js');
    return text => {
      ICAL.TimezoneService.reset();
      const calendar = new ICAL.Component(ICAL.parse(text));
      for (const zone of calendar.getAllSubcomponents('vtimezone')) {
        ICAL.TimezoneService.register(zone);
      }

      const found = [];
      for (const component of calendar.getAllSubcomponents('vevent')) {
        const event = new ICAL.Event(component, {strictExceptions: true});
        const add = (start, end) => {
          for (const time of [start, end]) {
            if (time.zone === ICAL.Timezone.localTimezone) {
              throw new Error(`floating or undeclared: ${component.getFirstProperty('dtstart').toICALString()}`);
            }
          }

          found.push([start.toUnixTime() * 1000, end.toUnixTime() * 1000, status(component), event.summary]);
        };

        const status = each => each.getFirstPropertyValue('status') ?? '';
        if (!event.isRecurring()) {
          add(event.startDate, event.endDate);
          continue;
        }

        const iterator = event.iterator();
        for (let next = iterator.next(); next; next = iterator.next()) {
          const {startDate, endDate} = event.getOccurrenceDetails(next);
          add(startDate, endDate);
        }
      }

      return found;
    };
  },

  // MagicMirror and home pages: zones by name, from the tables of this Node.js.
  async 'node-ical'() {
    const {default: ical} = await import('node-ical');
    return (text, from, to) => {
      const found = [];
      for (const event of Object.values(ical.sync.parseICS(text))) {
        if (event.type !== 'VEVENT') {
          continue;
        }

        for (const each of ical.expandRecurringEvent(event, {from: new Date(from), to: new Date(to)})) {
          const summary = typeof each.summary === 'string' ? each.summary : (each.summary.val ?? '');
          found.push([each.start.getTime(), each.end.getTime(), event.status ?? '', summary]);
        }
      }

      return found;
    };
  },

  // RRULE, EXDATE and their zone alone; the lines around them are split by ical.js.
  async 'rrule-temporal'() {
    const {default: ICAL} = await import('ical.js');
    const {RRuleTemporal} = await import('rrule-temporal');
    const {Temporal} = await import('temporal-polyfill');
    const zoned = property => {
      const value = property.getFirstValue().toString();
      const zone = property.getParameter('tzid') ?? (value.endsWith('Z') ? 'UTC' : '');
      return Temporal.PlainDateTime.from(value.replace('Z', '')).toZonedDateTime(zone, {disambiguation: 'reject'});
    };

    return text => {
      const found = [];
      for (const event of new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent')) {
        const [start, end] = ['dtstart', 'dtend'].map(name => zoned(event.getFirstProperty(name)));
        const words = ['status', 'summary'].map(name => event.getFirstPropertyValue(name) ?? '');
        const length = start.toPlainDateTime().until(end.toPlainDateTime());
        let starts = [start];
        if (event.hasProperty('rrule')) {
          const lines = event.getAllProperties().filter(each => ['dtstart', 'rrule', 'exdate'].includes(each.name));
          const rruleString = lines.map(each => each.toICALString()).join('\n');
          starts = new RRuleTemporal({rruleString, temporal: Temporal}).all();
        }

        for (const each of starts) {
          const until = event.hasProperty('rrule')
            ? each.toPlainDateTime().add(length).toZonedDateTime(each.timeZoneId)
            : end;
          found.push([each.epochMilliseconds, until.epochMilliseconds, ...words]);
        }
      }

      return found;
    };
  },
};

const [name, ...rest] = process.argv.slice(2);
if (!(name in READERS) || ![2, 3].includes(rest.length)) {
  console.error(`usage: node read.mjs ${Object.keys(READERS).join('|')} [FILE] FROM TO`);
  process.exit(2);
}

const read = await READERS[name]();
const [from, to] = rest.slice(-2).map(day => Date.parse(`${day}T00:00:00Z`));
const spoken = []; // warnings of a reader are failures of the file
for (const channel of ['log', 'info', 'warn', 'error', 'debug']) {
  console[channel] = (...words) => spoken.push(words.join(' '));
}

function readFile(file) {
  spoken.length = 0;
  const text = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(readFileSync(file));
  const found = read(text, from - MARGIN, to + MARGIN).filter(([start]) => start >= from && start < to);
  if (spoken.length > 0) {
    throw new Error(spoken.join('; '));
  }

  return found.map(([start, end, status, summary]) => [stamp(start), stamp(end), status, summary]);
}

if (rest.length === 3) {
  for (const [start, end, status, summary] of readFile(rest[0])) {
    process.stdout.write(`${start} ${end} ${status || '-'} ${summary}\n`);
  }
} else {
  for (const file of readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
    let answer;
    try {
      answer = {occurrences: readFile(file)};
    } catch (error) {
      answer = {error: String(error)};
    }

    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}
