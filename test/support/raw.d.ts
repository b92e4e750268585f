// Data come as text, for TypeScript would infer a type for megabytes of literals; sources come as text to find lines in.
declare module "*?raw" {
  const text: string;
  export default text;
}
