/** @jest-environment jsdom */
// The same tests where there is a page.
require("./matchers.test.cjs");
