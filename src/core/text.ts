// The text in which the core is part of a script, as scripts/text.mjs writes it: ASCII that compresses as the bytes do.
const EXCLUDED = "$'<\\`",
  SHIFT = 4;

/** The bytes of such a text. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const places = new Uint8Array(127);
  let characters = 0;
  for (let code = 35; code < 127; code++)
    if (!EXCLUDED.includes(String.fromCharCode(code))) places[code] = characters++;
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i),
      block = -SHIFT;
    if (code === 10) continue; // the end of a line
    // A space or "!" says that the next character is of the second or third block.
    if (code < 34) {
      block += characters * (code - 31);
      code = text.charCodeAt(++i);
    }
    bytes[length++] = block + places[code];
  }
  return bytes.subarray(0, length);
}
