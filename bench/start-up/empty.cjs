/** Nothing: what a module costs that has nothing in it. */
