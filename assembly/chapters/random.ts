// NumPy's streams of random values.
export * from "../creating/random";
