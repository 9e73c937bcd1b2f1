/** Prints traces as trees in the terminal. */
export {};
