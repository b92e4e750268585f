// Bytes as text that compression sees through and no bundler changes: ASCII, without quotes, backslash, `$` and `<`.
// The commonest bytes of WebAssembly are one character, the others two. src/core/text.ts reads it.

/** The characters, and what is added to a byte before it is cut into a block and a place in it. */
const ALPHABET = [...String.fromCharCode(...Array(127).keys())]
    .filter((c) => c > '"' && !"$'<\\`".includes(c))
    .join(""),
  SHIFT = 4;

// What Node prints of a line stays short.
const LINE = 1950;

/** The text of bytes: a byte of the first block is one character; a space or "!" before it says the second, the third. */
export function textOf(bytes) {
  let text = "",
    end = LINE;
  for (const byte of bytes) {
    const number = (byte + SHIFT) & 255,
      block = Math.floor(number / ALPHABET.length);
    text += ["", " ", "!"][block] + ALPHABET[number % ALPHABET.length];
    if (text.length < end) continue;
    text += "\n";
    end = text.length + LINE;
  }
  return text;
}
