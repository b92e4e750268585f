// The public names with arrays as they are to use: with methods, as text in consoles, and with errors that begin at the
// user's line. Methods come last: with them ends the library's code in a bundle.
export * from "./api.js";

import "./lazyMethods.js";
import "./memory/places/userStack.js";
import "./memory/state/disposal.js";
import "./memory/state/usage.js";
import "./methods.js";
