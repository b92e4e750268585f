import "./inlined.js";

export * from "./api.js";
import "./memory/exitReport.js";
