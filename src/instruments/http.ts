import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { syncBuiltinESMExports } from 'module';
import { telemetry } from '../telemetry/telemetry';
import { defineInstrument } from './kit/define';

/**
 * node:http and node:https, by OpenTelemetry's instrumentation, patched in place: CommonJS users see the very
 * module object, ES modules the synchronised exports.
 */
export const instrument = defineInstrument({
  id: 'requests',
  start() {
    const instrumentation = new HttpInstrumentation();
    instrumentation.setTracerProvider(telemetry().provider);
    for (const definition of instrumentation.getModuleDefinitions()) {
      definition.patch?.(require(definition.name));
    }
    syncBuiltinESMExports();
  },
});
