/** Copies of this package in one process, and the modules it hooks, meet at Symbol.for(SHARED_KEY). */
export const SHARED_KEY = 'respan';
