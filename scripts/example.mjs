// `npm run example NAME …`: runs a program of examples/ with the package as it is built, as a user's would run.
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const [name = "", ...rest] = process.argv.slice(2),
  source = [`examples/${name}.ts`, `examples/${name}/main.ts`].find(existsSync);
if (source === undefined || name === "") {
  const names = readdirSync("examples").map((file) => file.replace(".ts", ""));
  console.error(`npm run example NAME, one of: ${names.join(", ")}`);
  process.exit(2);
}
const outfile = `build/examples/${name}.mjs`;
await build({
  entryPoints: [source],
  outfile,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  sourcemap: "inline",
});
const { main } = await import(`../${outfile}`);
await main(rest);
