// Errors are the lowest layer, and what knows the library's frames one of the highest: here they meet.

/**
 * Where the library's code begins when it lies in one file with the user's: lines are told apart by their place in it.
 * No module that is evaluated before this one allocates, or throws the library's errors.
 */
export const firstLine = new Error("where nbytes begins");

/** Where that stands in this file: a host that says so of a built file has applied its source map. */
export const FIRST_PLACE = { line: 7, column: 26 };

let tidy: (error: Error) => void = () => {};

/** Gives the function that lets the stack of a new error begin at the user's line. */
export function setTidy(by: (error: Error) => void): void {
  tidy = by;
}

/** Lets the stack of a new error begin at the user's line, once the library is there to tell. */
export function tidyStack(error: Error): void {
  tidy(error);
}
