import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { decompress } from "fzstd";
import { parquetRead } from "hyparquet";
import { array, empty, type NDArray } from "nbytes";

// The real data: files of the vega-datasets package, a development dependency.

const folder = join(dirname(createRequire(import.meta.url).resolve("vega-datasets")), "..", "data");

type Movie = Record<"IMDB Rating" | "Rotten Tomatoes Rating", number | null>;

/** The ratings of 3,201 films, IMDB's from 0 to 10 and Rotten Tomatoes' from 0 to 100; what is missing is NaN. */
export async function movieRatings(): Promise<{ x: NDArray<"float64">; y: NDArray<"float64"> }> {
  const movies = JSON.parse(await readFile(join(folder, "movies.json"), "utf8")) as Movie[];
  const column = (name: keyof Movie): NDArray<"float64"> =>
    array(Float64Array.from(movies, (movie) => movie[name] ?? Number.NaN));
  return { x: column("IMDB Rating"), y: column("Rotten Tomatoes Rating") };
}

/**
 * The first `rows` of 3 million flights within the United States as float64, the dtype a JavaScript program gets numbers
 * in: the delay in minutes and the distance in miles. The file has 64-bit integers, compressed with Zstandard.
 */
export async function flights(
  rows: number,
  told: (rows: number) => void,
): Promise<Record<"delay" | "distance", NDArray<"float64">>> {
  const bytes = await readFile(join(folder, "flights-3m.parquet"));
  const columns = { delay: empty(rows), distance: empty(rows) };
  await parquetRead({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
    columns: Object.keys(columns),
    rowEnd: rows,
    compressors: { ZSTD: (input, length) => decompress(input, new Uint8Array(length)) },
    onChunk: ({ columnName, columnData, rowStart }) => {
      // One typed array for each chunk: memory does not grow while it is written.
      const { data } = columns[columnName as keyof typeof columns];
      const count = Math.min(columnData.length, rows - rowStart);
      for (let i = 0; i < count; i++) data[rowStart + i] = Number(columnData[i] ?? Number.NaN);
      told(rowStart + count);
    },
  });
  return columns;
}
