// What `nbytes` asks of the process in which it runs a program, and what that process answers.

/** The environment variable that carries a job, as JSON. */
export const JOB = "NBYTES_JOB";

/** What the process shall do beside running the program. */
export interface Job {
  /** The address of the package's main file, as the program would find it. */
  readonly library: string;
  /** The file the answer goes to. */
  readonly answer: string;
  /** What the program is called in reports. */
  readonly label: string;
  /** The address of esbuild, if it is to take the types away. */
  readonly esbuild: string | null;
  /** Whether files named `.js` may be `.ts` files: not where tsx sees to it. */
  readonly hooks: boolean;
  readonly trace?: { readonly level: "lines" | "stacks"; readonly html: boolean };
  readonly call?: Call;
}

/** A function that the program exports, and what is to be found out of it. */
export interface Call {
  /** The address of the program. */
  readonly program: string;
  readonly name: string;
  readonly leaks?: { readonly warmups: number; readonly runs: number };
  readonly estimate?: { readonly at: readonly number[]; readonly for: number };
}

/** What a traced program did. */
export interface Traced {
  readonly allocs: number;
  readonly peak: number;
  /** The report as it prints itself. */
  readonly text: string;
  /** What `report.export("json")` gives. */
  readonly json: string;
  readonly html: string | null;
  /** Stacks with their bytes, at the level `stacks`. */
  readonly stacks: string;
  readonly timeline: string;
  readonly atPeak: readonly Place[];
  readonly atEnd: readonly Place[];
  readonly forgotten: { readonly arrays: number; readonly bytes: number; readonly most?: string };
}

/** Bytes by line. */
export interface Place {
  readonly key: string;
  readonly size: number;
  readonly count: number;
  readonly source?: string;
}

/** What came of calling a function of the program. */
export interface Called {
  /** The sentence of what went wrong; null if nothing did. */
  readonly error: string | null;
  readonly text: string;
  readonly result: unknown;
  /** Whether there is something that a user minds: leaks, no room. */
  readonly found: boolean;
}

/** The job of this process; undefined if it has none. Its own children and workers do not get it. */
export function takeJob(): Job | undefined {
  const text = process.env[JOB];
  if (text === undefined) return undefined;
  delete process.env[JOB];
  return JSON.parse(text) as Job; // of the process that started this one
}
