// Data come as text, for TypeScript would infer a type for megabytes of literals; sources come as text to find lines in.
declare module "*?raw" {
  const text: string;
  export default text;
}

// A file of src/ and what it imports, one by one, in place of the one file in which tests have them: `vi.resetModules` makes them anew.
declare module "*?sources";
