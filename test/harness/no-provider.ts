import type { ProviderServer } from './provider-suite';

/** For what needs no server: a library with files, or two ends in one process. */
export const startNoProvider = async (): Promise<ProviderServer> => ({
  url: '',
  takeRequests: () => [],
  close: async () => {},
});
