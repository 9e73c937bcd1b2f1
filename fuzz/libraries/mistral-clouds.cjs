'use strict';
/** The packages for other clouds are made like the one for Mistral's own. */
const { answer, callsOf } = require('./mistral.cjs');

exports.answer = answer;
exports.start = async (load, url) => {
  const retryConfig = { strategy: 'none' };
  const azure = await load('@mistralai/mistralai-azure').catch(() => undefined);
  if (azure) return callsOf(new azure.MistralAzure({ apiKey: 'none', endpoint: url, retryConfig }));
  const { HTTPClient, MistralGCP } = await load('@mistralai/mistralai-gcp');
  // Google's host is built in.
  const httpClient = new HTTPClient({
    fetcher: (request) => fetch(new Request(`${url}${new URL(request.url).pathname}`, request)),
  });
  return callsOf(new MistralGCP({ apiKey: 'none', projectId: 'p', httpClient, retryConfig }));
};
