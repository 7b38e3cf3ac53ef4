import { expect, test } from "vitest";
import { isForUs, wishOf } from "./keys";

const press = { key: "d", ctrlKey: false, altKey: false, metaKey: false, repeat: false, target: null };

test("a number chooses a tile", () => {
  expect(wishOf("3", [])).toEqual({ kind: "choose", index: 2 });
  expect(wishOf("9", [])).toBeNull();
});

test("a letter does only what the tile offers", () => {
  expect(wishOf("D", ["listen"])).toEqual({ kind: "act", act: "listen" });
  expect(wishOf("a", ["watch"])).toBeNull();
  expect(wishOf("b", [])).toEqual({ kind: "enlarge" });
  expect(wishOf("u", [])).toEqual({ kind: "tasks" });
  expect(wishOf("o", ["count"])).toEqual({ kind: "act", act: "count" });
  expect(wishOf("l", [])).toEqual({ kind: "tiles" });
  expect(wishOf("x", ["end"])).toBeNull();
});

test("one key pauses and goes on", () => {
  expect(wishOf("j", ["pause", "end"])).toEqual({ kind: "act", act: "pause" });
  expect(wishOf("j", ["resume", "end"])).toEqual({ kind: "act", act: "resume" });
  expect(wishOf("j", ["identity"])).toBeNull();
});

test("keys are left alone while one writes, in a dialog, held down, or with a modifier", () => {
  expect(isForUs(press, false)).toBe(true);
  expect(isForUs(press, true)).toBe(false);
  expect(isForUs({ ...press, repeat: true }, false)).toBe(false);
  expect(isForUs({ ...press, ctrlKey: true }, false)).toBe(false);
  expect(isForUs({ ...press, target: { tagName: "TEXTAREA" } as unknown as EventTarget }, false)).toBe(false);
});
