import type { ProviderServer } from './provider-suite';

/** LanceDB has no server: it is a library, with files. */
export const startLanceDB = async (): Promise<ProviderServer> => ({
  url: '',
  takeRequests: () => [],
  close: async () => {},
});
