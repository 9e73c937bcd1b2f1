/** What was typed cannot be meant: one line on stderr, exit code 2. */
export class UsageError extends Error {}
