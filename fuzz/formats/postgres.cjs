'use strict';
const { awkwardAnswer } = require('../awkward.cjs');
const wire = require('../wire.cjs');

/** The frontend/backend protocol of PostgreSQL, as far as queries go: a type in a byte, a length in four, and what follows. */
exports.startServer = wire({
  lengthOf: (bytes) => {
    // What comes first has no type.
    if (bytes[0] === 0) return bytes.length < 4 ? undefined : bytes.readInt32BE(0);
    return bytes.length < 5 ? undefined : bytes.readInt32BE(1) + 1;
  },
  connected(session) {
    let failed = false;
    let asked = '';
    const handlers = {
      Q: (body) => (random) => {
        const answer = answerTo(text(body, 0).value, random);
        return Buffer.concat([answer.bytes, READY]);
      },
      P: (body) => {
        asked = text(body, text(body, 0).end).value;
        return () => (failed ? undefined : message('1'));
      },
      B: () => () => (failed ? undefined : message('2')),
      D: () => () => (failed ? undefined : described(asked)),
      E: () => (random) => {
        if (failed) return undefined;
        const answer = answerTo(asked, random, true);
        failed = answer.isError;
        return answer.bytes;
      },
      C: () => () => message('3'),
      H: () => () => undefined,
      S: () => () => {
        failed = false;
        return READY;
      },
    };
    return (bytes) => {
      if (bytes[0] === 0) {
        const isSsl = bytes.readInt32BE(4) === 80877103;
        return session.answer('start', () => (isSsl ? Buffer.from('N') : GREETING), false);
      }
      const type = String.fromCharCode(bytes[0]);
      const bytesOf = handlers[type]?.(bytes.subarray(5)) ?? (() => undefined);
      // Half of a message that ends nothing would wait for the other.
      session.answer(`${type} ${JSON.stringify(bytes.toString('latin1', 5))}`, bytesOf, 'QE'.includes(type));
    };
  },
});

function message(type, ...parts) {
  const body = Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part)),
  );
  const head = Buffer.alloc(5, type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const int16 = (value) => Buffer.from([(value >> 8) & 255, value & 255]);
const int32 = (value) => Buffer.concat([int16(value >> 16), int16(value)]);
const READY = message('Z', Buffer.from('I'));
const GREETING = Buffer.concat([
  message('R', int32(0)),
  message('S', 'server_version', '16.0'),
  message('S', 'client_encoding', 'UTF8'),
  message('K', int32(7), int32(9)),
  READY,
]);

function text(bytes, from) {
  const end = bytes.indexOf(0, from);
  return { value: bytes.toString('utf8', from, end), end: end + 1 };
}

const TEXT = 25;
const INTEGER = 23;
const JSONB = 3802;
const COLUMNS = [
  ['id', INTEGER],
  ['name', TEXT],
  ['more', JSONB],
];
const ROWS = [
  ['1', 'a', '{"b":[1]}'],
  ['2', 'é😀', null],
];

const columns = message(
  'T',
  int16(COLUMNS.length),
  ...COLUMNS.map(([name, type]) =>
    Buffer.concat([
      Buffer.from(`${name}\0`),
      int32(0),
      int16(0),
      int32(type),
      int16(-1),
      int32(-1),
      int16(0),
    ]),
  ),
);
const rowOf = (values) =>
  message(
    'D',
    int16(values.length),
    ...values.map((value) =>
      typeof value === 'string'
        ? Buffer.concat([int32(Buffer.byteLength(value)), Buffer.from(value)])
        : int32(-1),
    ),
  );

const isSelect = (asked) => /^\s*(select|with|table|values)/i.test(asked);
const described = (asked) => (isSelect(asked) ? columns : message('n'));

const errorOf = (code, words) =>
  message('E', ...['SERROR', `C${code}`, `M${words}`, 'Dmore', 'Hless', 'P8'], Buffer.from([0]));

function answerTo(asked, random, isDescribed = false) {
  if (random.chance(0.15)) {
    const [code, words] = random.pick([
      ['42703', 'column "x" does not exist'],
      ['23505', 'duplicate'],
      ['57P01', 'terminating'],
      ['', ''],
    ]);
    return { bytes: errorOf(code, words), isError: true };
  }
  if (asked.trim() === '') return { bytes: message('I'), isError: false };
  if (random.chance(0.03))
    return { bytes: message(random.pick(['?', 'D', 'C']), Buffer.from([0, 9, 9])), isError: false };
  const parts = [];
  if (random.chance(0.1)) parts.push(message('N', 'SNOTICE', 'Mnote', Buffer.from([0])));
  if (isSelect(asked)) {
    if (!isDescribed) parts.push(columns);
    const rows = awkwardAnswer(random, ROWS);
    for (const row of Array.isArray(rows) ? rows : []) parts.push(rowOf(Array.isArray(row) ? row : []));
    parts.push(message('C', 'SELECT 2'));
  } else parts.push(message('C', random.pick(['INSERT 0 1', 'UPDATE 3', 'BEGIN', 'odd'])));
  return { bytes: Buffer.concat(parts), isError: false };
}
