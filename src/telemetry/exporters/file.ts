import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { closeSync, fchmodSync, fstatSync, openSync, writeSync } from 'fs';
import { dirname, join } from 'path';
import { log } from '../../config/log';
import type { Config } from '../../config/resolve';
import { runName } from '../../config/run-name';
import { fromStart } from '../../config/start-folder';
import { JsonTraceSerializer } from '../../vendor/otlp-transformer';
import { makePrivateFolder } from './private-folder';

/**
 * OTLP/JSON lines, one file a run (the OpenTelemetry file exporter format, which a Collector reads as it is).
 * Readable by the owner alone: it may hold prompts. Every process of a run appends to the same file, each
 * batch with one write, so that lines never mix.
 */
export function createExporter(config: Config): SpanExporter {
  const path = config.runFile ?? join(config.tracesDir, `${runName(new Date(), process.pid)}.jsonl`);
  return createFileExporter(path, fromStart(path));
}

/** `path` is what is told of the file, `file` where it is. */
export function createFileExporter(path: string, file = path): SpanExporter {
  let descriptor: number | undefined;
  let broken = false;

  function write(spans: ReadableSpan[]): void {
    const line = JsonTraceSerializer.serializeRequest(spans);
    if (!line || broken) return;
    try {
      if (descriptor === undefined) {
        makePrivateFolder(dirname(file));
        descriptor = openSync(file, 'a', 0o600);
        keepPrivate(descriptor);
      }
      writeAll(descriptor, Buffer.concat([line, Buffer.from('\n')]));
    } catch (error) {
      broken = true;
      log.once('warn', `spans cannot be written to ${path}: ${(error as Error).message}`);
    }
  }

  return {
    export(spans, callback) {
      write(spans);
      callback({ code: broken ? 1 : 0 });
    },
    async forceFlush() {},
    async shutdown() {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}

/** A file that was there before may have been made by others' rules. */
function keepPrivate(descriptor: number): void {
  const stats = fstatSync(descriptor);
  if (!stats.isFile() || (stats.mode & 0o077) === 0 || stats.uid !== process.getuid?.()) return;
  fchmodSync(descriptor, 0o600);
}

/** One write, but for a disk or a pipe that takes less than it is given. */
function writeAll(descriptor: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
}
