import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { telemetry } from '../../telemetry/telemetry';

type Request = (this: unknown, ...args: unknown[]) => unknown;

/** What of node:http, or of node:https, is patched. */
export interface HttpFunctions {
  request: Request;
  get: Request;
  Server: { prototype: { emit: Request } };
}

type Hooks = ConstructorParameters<typeof HttpInstrumentation>[0];

let made: HttpInstrumentation | undefined;

/** OpenTelemetry's instrumentation of `name`, above `untraced`. Made with the first request. */
export function tracedHttp(name: string, untraced: HttpFunctions, hooks: Hooks): HttpFunctions {
  if (!made) {
    made = new HttpInstrumentation(hooks);
    made.setTracerProvider(telemetry().provider);
  }
  const functions = { ...untraced, Server: { prototype: { ...untraced.Server.prototype } } };
  made
    .getModuleDefinitions()
    .find((definition) => definition.name === name)
    ?.patch?.(functions);
  return functions;
}
