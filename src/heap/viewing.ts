import type { Descr } from "../base/dtype.js";
import { weakRef } from "../base/host.js";
import { sizeOfShape } from "../base/layout.js";
import { siteFor } from "./allocate.js";
import type { Buffer, ViewNote } from "./buffer.js";
import { listener } from "./listener.js";

// What is known of views: their lines, while a trace looks for lines. Without one nothing is kept of a view.

interface View {
  readonly disposed: boolean;
}

/** Views that are kept of one buffer: a report names the lines, not each view. */
const MOST = 100;

const sites = new WeakMap<object, number>();

/** The line that a view was made on, for `siteText`; 0 if nobody looked. */
export function siteOfView(view: object): number {
  return sites.get(view) ?? 0;
}

/** Tells the listener that an array was made which views a buffer. Called only while somebody listens. */
export function notifyView(view: View, buffer: Buffer, shape: readonly number[], descr: Descr): void {
  buffer.views++;
  listener!.viewed(buffer, shape, descr);
  const site = siteFor(0, notifyView, "view");
  if (site === 0) return;
  sites.set(view, site);
  const notes = notesOf(buffer);
  if (notes.length === MOST) return;
  notes.push({ view: weakRef(view), serial: buffer.serial, site, nbytes: sizeOfShape(shape) * descr.itemsize });
  buffer.viewNotes = notes;
}

// Those of the buffer's present life; once they are many, those only that are alive.
function notesOf({ viewNotes, serial }: Buffer): ViewNote[] {
  if (viewNotes === null || viewNotes[0].serial !== serial) return [];
  return viewNotes.length < MOST ? viewNotes : viewNotes.filter(isAlive);
}

const isAlive = ({ view }: ViewNote): boolean => view.deref()?.disposed === false;

/** The views of a buffer that are alive and whose lines are known; of very many the first. */
export function knownViews(buffer: Buffer): ViewNote[] {
  return notesOf(buffer).filter(isAlive);
}

/** The views of a buffer whose lines are known, those that ended too. */
export function seenViews(buffer: Buffer): readonly ViewNote[] {
  return notesOf(buffer);
}
