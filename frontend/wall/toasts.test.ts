// @vitest-environment happy-dom
import { beforeEach, expect, it } from "vitest";

import { refusalToasts, toast } from "./toasts";

const PIN = { code: "OWN_PIN_WRONG", sentence: "PIN tidak cocok.", next: null };
const FULL = { code: "WALL_FULL", sentence: "Penuh.", next: "Lepas satu." };
const shown = (): string[] => [...document.querySelectorAll('[data-part="alerts"] [data-part="toast-what"]')].map((one) => one.textContent ?? "");

beforeEach(() => {
  document.body.innerHTML = `<div data-part="alerts"></div><div data-part="toasts"></div>
    <template data-part="toast-template"><div><b data-part="toast-what"></b><i data-part="toast-next"></i><button data-part="toast-close"></button></div></template>`;
});

it("a refusal makes way for the next answer, whether that refuses or not", () => {
  refusalToasts([PIN]);
  refusalToasts([FULL]);
  expect(shown()).toEqual(["Penuh."]);
  refusalToasts([]);
  expect(shown()).toEqual([]);
});

it("what was not recorded stays, whatever is answered after it", () => {
  toast("Belum tercatat.", null, true);
  refusalToasts([PIN]);
  refusalToasts([]);
  expect(shown()).toEqual(["Belum tercatat."]);
});
