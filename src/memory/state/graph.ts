import { NDArray } from "../../array/ndarray.js";
import type { DType } from "../../base/dtype.js";
import { dot, mermaid, plain, xml } from "../../base/plain.js";
import { isInstance } from "../../base/shown.js";
import { formatBytes } from "../../base/units.js";
import { Buffer } from "../../heap/buffer.js";
import { holderOf } from "../../heap/copyOnWrite.js";
import { knownViews, siteOfView } from "../../heap/viewing.js";
import { counted, largest } from "../common/text.js";
import { containerText, insideOf } from "../common/values.js";
import { siteText } from "../places/sites.js";
import { hiddenHandles } from "./usage.js";

/** Views that are shown of an array beside those that the roots reach; the others are counted. */
const MOST_VIEWS = 10;

/** A container or an array. */
export interface GraphNode {
  readonly id: string;
  readonly kind: "container" | "array" | "view";
  readonly label: string;
  /** Bytes of memory of its own: 0 for views, which have none, and for containers, which hold none but their members'. */
  readonly nbytes: number;
}

/** Who holds whom: a container its members, a view the array that owns the buffer. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: "holds" | "views";
  readonly label: string;
}

/** Who holds what, from some roots down to the arrays and the owners they view. */
export class Graph {
  readonly nodes: GraphNode[] = [];
  readonly edges: GraphEdge[] = [];
  readonly #ids = new Map<unknown, string>();
  // Of each buffer how many arrays are here, and the node that its other arrays point at.
  readonly #handles = new Map<Buffer, { count: number; id: string }>();
  readonly #counted = new Set<Buffer>();

  /** @internal */
  constructor(roots: readonly unknown[]) {
    for (const root of roots) this.#visit(root);
    this.#others(new Set(roots.map((root) => (root instanceof NDArray ? root.buffer : null))));
  }

  #visit(value: unknown): string | null {
    const known = this.#ids.get(value);
    if (known !== undefined) return known;
    if (value instanceof NDArray) return this.#array(value);
    if (isInstance(value, Buffer)) return this.#block(value);
    const members = insideOf(value);
    if (members === null) return null;
    const id = this.#name(value, "c"),
      label = containerText(value as object, members);
    this.nodes.push({ id, kind: "container", label, nbytes: 0 });
    for (const [label, member] of members) {
      const to = this.#visit(member);
      if (to === null) continue;
      this.edges.push({ from: id, to, kind: "holds", label: plain(label) });
    }
    return id;
  }

  // Memory that no array is on: a pool's.
  #block(buffer: Buffer): string {
    const id = this.#name(buffer, "b"),
      { descr, shape } = buffer,
      nbytes = this.#bytesOf(buffer);
    this.nodes.push({
      id,
      kind: "array",
      label: `${descr.name} [${shape.join(", ")}]\n${formatBytes(nbytes)}`,
      nbytes,
    });
    return id;
  }

  #array(a: NDArray<DType>): string {
    const id = this.#name(a, "a"),
      what = `${a.dtype} [${a.shape.join(", ")}]`;
    const gone = a.disposed,
      own = gone || holderOf(a.buffer) !== a.buffer ? 0 : a.buffer.nbytes,
      site = siteText(a.base !== null ? siteOfView(a) : gone ? 0 : a.buffer.site);
    const bytes = gone
      ? "disposed"
      : a.base === null
        ? `${formatBytes(own)}${own === 0 && a.nbytes > 0 ? ", copied when written" : ""}`
        : `view of ${formatBytes(a.nbytes)}`;
    const label = [
      `#${a.id} ${what}`,
      bytes,
      ...(site === "" ? [] : [a.base === null ? `${a.buffer.op}, ${site}` : `made at ${site}`]),
    ].join("\n");
    this.nodes.push({
      id,
      kind: a.base === null ? "array" : "view",
      label,
      nbytes: gone || a.base !== null || own === 0 ? 0 : this.#bytesOf(a.buffer),
    });
    if (!gone) this.#handle(a.buffer, id, a.base === null);
    if (a.base !== null) {
      const to = this.#visit(a.base)!;
      this.edges.push({ from: id, to, kind: "views", label: `offset ${a.offset}, strides [${a.strides.join(", ")}]` });
    }
    return id;
  }

  // A buffer's bytes belong to the first that tells them.
  #bytesOf(buffer: Buffer): number {
    if (this.#counted.has(buffer)) return 0;
    this.#counted.add(buffer);
    return buffer.nbytes;
  }

  #handle(buffer: Buffer, id: string, owner: boolean): void {
    const known = this.#handles.get(buffer);
    this.#handles.set(buffer, { count: (known?.count ?? 0) + 1, id: known === undefined || owner ? id : known.id });
  }

  // Views of the arrays asked about that are not reached from the roots: those that a trace saw, and how many others.
  #others(asked: ReadonlySet<Buffer | null>): void {
    for (const buffer of this.#handles.keys()) {
      if (!asked.has(buffer)) continue;
      const known = knownViews(buffer).flatMap(({ view }) => view.deref() ?? []),
        unseen = known.filter((view) => !this.#ids.has(view)).slice(0, MOST_VIEWS);
      for (const view of unseen) if (view instanceof NDArray) this.#array(view);
      const { count, id: to } = this.#handles.get(buffer)!,
        others = buffer.refcount - hiddenHandles(buffer) - count;
      if (others <= 0) continue;
      const id = this.#name({}, "v"),
        label = `${unseen.length > 0 ? "and " : ""}${counted(others, "view")} ${unseen.length > 0 ? "more " : ""}held elsewhere`;
      this.nodes.push({ id, kind: "view", label, nbytes: 0 });
      this.edges.push({ from: id, to, kind: "views", label: "" });
    }
  }

  #name(value: unknown, letter: string): string {
    const id = `${letter}${this.#ids.size + 1}`;
    this.#ids.set(value, id);
    return id;
  }

  /** The graph in Mermaid's language: views by dotted arrows. */
  toMermaid(): string {
    const shapes = { container: ["([", "])"], array: ["[", "]"], view: ["[/", "/]"] } as const;
    const nodes = this.nodes.map(
      ({ id, kind, label }) => `  ${id}${shapes[kind][0]}${mermaid(label)}${shapes[kind][1]}`,
    );
    const edges = this.edges.map(
      ({ from, to, kind, label }) => `  ${from} ${kind === "views" ? "-.->" : "-->"}|${mermaid(label)}| ${to}`,
    );
    return ["flowchart TD", ...nodes, ...edges].join("\n");
  }

  /** The graph in Graphviz's language. */
  toDot(): string {
    const shapes = { container: "ellipse", array: "box", view: "parallelogram" } as const;
    const nodes = this.nodes.map(({ id, kind, label }) => `  ${id} [shape=${shapes[kind]}, label=${dot(label)}];`);
    const edges = this.edges.map(
      ({ from, to, kind, label }) =>
        `  ${from} -> ${to} [label=${dot(label)}${kind === "views" ? ", style=dashed" : ""}];`,
    );
    return ["digraph memory {", ...nodes, ...edges, "}"].join("\n");
  }

  /** The graph as an SVG picture, drawn in layers without Graphviz. */
  toSvg(): string {
    return drawn(this);
  }

  toString(): string {
    return this.toMermaid();
  }
}

const BOX = { width: 210, height: 62, gapX: 26, gapY: 74 };

// Each node one layer below the lowest that points at it; owners therefore lie at the bottom.
function layersOf({ nodes, edges }: Graph): GraphNode[][] {
  const depth = new Map(nodes.map(({ id }) => [id, 0]));
  for (let pass = 0; pass < nodes.length; pass++) {
    let moved = false;
    for (const { from, to } of edges) {
      const want = depth.get(from)! + 1;
      // A cycle would push for ever; there are no more layers than nodes.
      if (want > depth.get(to)! && want < nodes.length) {
        depth.set(to, want);
        moved = true;
      }
    }
    if (!moved) break;
  }
  const layers: GraphNode[][] = nodes.map(() => []);
  for (const node of nodes) layers[depth.get(node.id)!].push(node);
  return layers.filter((layer) => layer.length > 0);
}

function drawn(graph: Graph): string {
  const layers = layersOf(graph),
    places = new Map<string, { x: number; y: number }>();
  const width = Math.max(1, largest(layers.map((layer) => layer.length))) * (BOX.width + BOX.gapX) + BOX.gapX;
  layers.forEach((layer, row) => {
    const left = (width - layer.length * (BOX.width + BOX.gapX) + BOX.gapX) / 2;
    for (const [i, { id }] of layer.entries()) {
      places.set(id, { x: left + i * (BOX.width + BOX.gapX), y: 20 + row * (BOX.height + BOX.gapY) });
    }
  });
  const height = 20 + layers.length * (BOX.height + BOX.gapY);
  const edges = graph.edges.map((edge) => arrow(edge, places.get(edge.from)!, places.get(edge.to)!));
  const nodes = graph.nodes.map((node) => box(node, places.get(node.id)!));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12" role="img">` +
    `<title>Who holds what: ${graph.nodes.length} nodes, ${graph.edges.length} edges</title>` +
    '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="#64748b"/></marker></defs>' +
    `${edges.join("")}${nodes.join("")}</svg>`
  );
}

const fills = { container: "#f1f5f9", array: "#dbeafe", view: "#ffffff" } as const;

function box({ kind, label }: GraphNode, { x, y }: { x: number; y: number }): string {
  const dash = kind === "view" ? ' stroke-dasharray="5 3"' : "",
    lines = label.split("\n");
  const first = y + BOX.height / 2 + 4 - (lines.length - 1) * 8;
  const text = lines.map(
    (line, i) =>
      `<text x="${x + BOX.width / 2}" y="${first + i * 16}" text-anchor="middle"${i > 0 ? ' fill="#475569"' : ""}>${xml(line)}</text>`,
  );
  return `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="${kind === "container" ? 30 : 6}" fill="${fills[kind]}" stroke="#64748b"${dash}/>${text.join("")}`;
}

function arrow({ kind, label }: GraphEdge, from: { x: number; y: number }, to: { x: number; y: number }): string {
  const x1 = from.x + BOX.width / 2,
    y1 = from.y + BOX.height,
    x2 = to.x + BOX.width / 2,
    y2 = to.y;
  const dash = kind === "views" ? ' stroke-dasharray="5 3"' : "";
  return (
    `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#64748b"${dash} marker-end="url(#head)"/>` +
    `<text x="${(x1 + x2) / 2 + 6}" y="${(y1 + y2) / 2}" fill="#475569" font-size="11">${xml(label)}</text>`
  );
}

/**
 * Draws who holds what, from the given values down to their arrays and the arrays those view. Of an array that is asked
 * about itself it also shows the views that others hold: those that were made while a trace looked for lines, ten at
 * most, and how many more there are.
 */
export function graph(...roots: unknown[]): Graph {
  return new Graph(roots);
}
