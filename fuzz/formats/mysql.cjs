'use strict';
const { awkwardAnswer } = require('../awkward.cjs');
const wire = require('../wire.cjs');

/** Packets of MySQL: a length in three bytes, a number, and what follows. */
exports.startServer = wire({
  lengthOf: (bytes) => (bytes.length < 4 ? undefined : bytes.readUIntLE(0, 3) + 4),
  connected(session) {
    session.greet(packets(0, [GREETING]));
    let isIn = false;
    return (bytes) => {
      if (!isIn) {
        isIn = true;
        return session.answer('login', () => packets(bytes[3] + 1, [OK]), false);
      }
      const [command, words] = [bytes[4], bytes.toString('latin1', 5)];
      const shown = `${command} ${JSON.stringify(words)}`;
      if (command === QUIT || command === CLOSE) return session.answer(shown, () => undefined);
      const answer = ANSWERS[command] ?? (() => [OK]);
      session.answer(shown, (random) => packets(1, answer(random, words)));
    };
  },
});

const QUIT = 1;
const QUERY = 3;
const PREPARE = 22;
const EXECUTE = 23;
const CLOSE = 25;

const int = (value, size) => {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntLE(value, 0, size);
  return bytes;
};
const text = (value) => Buffer.concat([int(Buffer.byteLength(value), 1), Buffer.from(value)]);

function packets(first, bodies) {
  return Buffer.concat(
    bodies.flatMap((body, index) => [int(body.length, 3), int((first + index) & 255, 1), body]),
  );
}

/** Of 4.1, with the old password. */
const CAPABILITIES = 0x000fa28f;
const GREETING = Buffer.concat([
  Buffer.from([10]),
  Buffer.from('8.0.0\0'),
  int(7, 4),
  Buffer.from('abcdefgh\0'),
  int(CAPABILITIES & 0xffff, 2),
  int(33, 1),
  int(2, 2),
  int(CAPABILITIES >>> 16, 2),
  int(21, 1),
  Buffer.alloc(10),
  Buffer.from('ijklmnopqrst\0'),
  Buffer.from('mysql_native_password\0'),
]);
const OK = Buffer.from([0, 1, 0, 2, 0, 0, 0]);
const END = Buffer.from([0xfe, 0, 0, 2, 0]);

const VARIABLE_TEXT = 253;
const column = (name) =>
  Buffer.concat([
    ...['def', 'things', 'things', 'things', name, name].map(text),
    Buffer.from([12]),
    int(33, 2),
    int(255, 4),
    int(VARIABLE_TEXT, 1),
    int(0, 2),
    Buffer.alloc(3),
  ]);
const COLUMNS = ['id', 'name'];
const ROWS = [
  ['1', 'a'],
  ['2', 'é😀'],
];

const errorOf = (code, words) =>
  Buffer.concat([Buffer.from([0xff]), int(code, 2), Buffer.from(`#42000${words}`)]);

function failureOf(random) {
  if (random.chance(0.15)) return [errorOf(random.pick([1054, 1064, 1146, 1213]), random.pick(['no', '']))];
  return random.chance(0.02) ? [Buffer.from(random.pick([[0xff], [9, 9, 9], []]))] : undefined;
}

function rowsOf(random) {
  const rows = awkwardAnswer(random, ROWS);
  return (Array.isArray(rows) ? rows : []).map((row) =>
    COLUMNS.map((_, index) =>
      typeof row?.[index] === 'string' && row[index].length < 200 ? row[index] : null,
    ),
  );
}

const asText = (row) =>
  Buffer.concat(row.map((value) => (value === null ? Buffer.from([0xfb]) : text(value))));
/** A bit for each that is null, from the third on. */
const asBinary = (row) =>
  Buffer.concat([
    Buffer.from([0, row.reduce((bits, value, index) => bits | (value === null ? 4 << index : 0), 0)]),
    ...row.filter((value) => value !== null).map(text),
  ]);

function result(random, isSelect, write) {
  const failure = failureOf(random);
  if (failure) return failure;
  if (!isSelect) return [OK];
  return [Buffer.from([COLUMNS.length]), ...COLUMNS.map(column), END, ...rowsOf(random).map(write), END];
}

const isSelect = (words) => /^\s*(select|show)/i.test(words);
let prepared = '';
const ANSWERS = {
  [QUERY]: (random, words) => result(random, isSelect(words), asText),
  [PREPARE](random, words) {
    prepared = words;
    const failure = failureOf(random);
    if (failure) return failure;
    const parameters = words.split('?').length - 1;
    const columns = isSelect(words) ? COLUMNS.length : 0;
    return [
      Buffer.concat([
        Buffer.from([0]),
        int(1, 4),
        int(columns, 2),
        int(parameters, 2),
        Buffer.from([0, 0, 0]),
      ]),
      ...(parameters > 0 ? [...Array.from({ length: parameters }, () => column('?')), END] : []),
      ...(columns > 0 ? [...COLUMNS.map(column), END] : []),
    ];
  },
  [EXECUTE]: (random) => result(random, isSelect(prepared), asBinary),
};
