'use strict';
const { EventEmitter } = require('node:events');
const { join } = require('node:path');
const { PassThrough } = require('node:stream');
const { awkwardAnswer } = require('../awkward.cjs');
const openDesk = require('../desk.cjs');

const claudeCode = require(join(__dirname, '../../fixtures/shared/claude-code.cjs'));

/** Claude Code in this very process: what it says is what its stand-in would, and sometimes not quite. */
function spawned(random) {
  const process = new EventEmitter();
  const [stdin, said] = [new PassThrough(), new PassThrough()];
  const stdout = new PassThrough();
  const breaksOff = random.chance(0.1) ? random.below(8) : -1;
  let lines = 0;
  const exit = (code) => {
    if (process.exitCode !== null) return;
    process.exitCode = code ?? 0;
    stdout.end();
    setImmediate(() => process.emit('exit', process.exitCode, null));
  };
  said.on('data', (bytes) => {
    const line = String(bytes);
    if (lines++ === breaksOff) return exit(1);
    stdout.write(altered(random, line));
  });
  stdin.on('end', () => exit(0));
  Object.assign(process, { stdin, stdout, exitCode: null, killed: false });
  process.kill = () => {
    process.killed = true;
    exit(143);
    return true;
  };
  claudeCode(stdin, said, exit);
  return process;
}

/** What the agent and its model say, but for what the two sides agree upon first. */
function altered(random, line) {
  const message = JSON.parse(line);
  if (/^control/.test(message.type) || random.chance(0.6)) return line;
  return random.chance(0.05)
    ? `${line.slice(0, 20)}\n`
    : `${JSON.stringify(awkwardAnswer(random, message))}\n`;
}

let desk;
exports.startServer = async () => {
  desk = openDesk();
  return { url: '', ...desk.asServer, close() {} };
};
exports.start = async (load) => {
  const { createSdkMcpServer, query, tool } = await load('@anthropic-ai/claude-agent-sdk');
  const { z } = await load('zod');
  const weather = tool('weather', 'looks', { city: z.string() }, async ({ city }) => ({
    content: [{ type: 'text', text: `blue over ${city}` }],
  }));
  const broken = tool('broken', 'fails', {}, async () => {
    throw new RangeError('no');
  });
  return ['plain', 'tools', 'failing', 'subagent', 'permission', 'dies'].map((scene) => ({
    name: scene,
    run(random) {
      const abortController = new AbortController();
      const messages = query({
        prompt: `[${scene}] hello`,
        options: {
          ...{ abortController, model: 'claude-opus-4-6', pathToClaudeCodeExecutable: 'claude' },
          mcpServers: { sky: createSdkMcpServer({ name: 'sky', tools: [weather, broken] }) },
          canUseTool: async () => ({ behavior: 'deny', message: 'no' }),
          stderr() {},
          env: {},
          spawnClaudeCodeProcess: () => spawned(random),
        },
      });
      return { controller: abortController, stream: messages };
    },
  }));
};
