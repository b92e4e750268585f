import { zeros } from "nbytes";

export function elsewhere(fn) {
  fn();
  return 0;
}

export function inOtherModule() {
  zeros(115).dispose();
}
