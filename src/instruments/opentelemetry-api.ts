import { shareWithApp } from '../telemetry/app-api';
import { defineInstrument } from './kit/define';

/** The app's own copies of `@opentelemetry/api`: see telemetry/app-api.ts. */
export const instrument = defineInstrument({
  id: 'opentelemetry',
  patchModule({ exports }) {
    shareWithApp(exports);
  },
});
