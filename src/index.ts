declare const __VERSION__: string;

/** The version of this package. */
export const version: string = __VERSION__;

export { flush } from './client/flush';
export { type InstrumentationStatus, instrumentationStatus } from './client/status';
