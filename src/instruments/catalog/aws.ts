export const AWS_TESTED = { from: '3.481.0', below: '4.0.0' };

/** One file since 3.495, one file a class before, and in the ES modules that some bundlers take. */
export const awsFiles = (client: string): Record<string, string[]> => ({
  'dist-cjs/index': [client],
  [`dist-cjs/${client}`]: [client],
  [`dist-es/${client}`]: [client],
});
