import { startGoogleProvider } from '../harness/google-provider';
import { describeProvider } from '../harness/provider-suite';

/** A hundred megabytes and seconds to load a version: one Node each. */
describeProvider({
  fixture: 'aiplatform',
  versions: [
    { name: 'aiplatform-3', sdks: ['aiplatform-3'], nodes: ['20'] },
    { name: 'aiplatform-7', sdks: ['aiplatform-7'], nodes: ['24'] },
  ],
  startServer: startGoogleProvider,
  env: { METADATA_SERVER_DETECTION: 'none' },
});
