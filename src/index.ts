export * from "./bundled.js";
import "./exposed.js";
