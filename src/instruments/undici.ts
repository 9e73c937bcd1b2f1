import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { telemetry } from '../telemetry/telemetry';
import { defineInstrument } from './kit/define';

/** fetch and undici, by OpenTelemetry's instrumentation, which listens to undici's own channels. */
export const instrument = defineInstrument({
  id: 'urllib3',
  start(first) {
    const instrumentation = new UndiciInstrumentation();
    instrumentation.setTracerProvider(telemetry().provider);
    // Subscribed too late for the message that woke us.
    if (first) (instrumentation as unknown as RequestListener).onRequestCreated(first.message);
  },
});

interface RequestListener {
  onRequestCreated(message: unknown): void;
}
