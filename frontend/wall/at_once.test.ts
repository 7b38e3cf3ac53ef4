// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from "vitest";
import { after, AtOnce, atOnce, CHOICES, sizeOf, type Memory } from "./at_once";

const texts = (key: string, values: Record<string, string | number> = {}) => `${key} ${values["count"] ?? ""}`;
let kept: Map<string, string>, memory: Memory, changes: number;

function wall(facility = 7): AtOnce {
  return new AtOnce(facility, texts, document.querySelector<HTMLElement>("main")!, () => { changes += 1; }, memory);
}

function press(choice: string): void {
  document.querySelector<HTMLElement>(`[data-part=tiles-${choice}]`)!.click();
}

const pressed = () => [...document.querySelectorAll("[aria-pressed=true]")].map((each) => each.getAttribute("data-part"));

beforeEach(() => {
  kept = new Map();
  memory = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
  changes = 0;
  const buttons = CHOICES.map((each) => `<button data-part="tiles-${each}" aria-pressed="false"></button>`).join("");
  document.body.innerHTML = `<main></main>${buttons}<p data-part="tiles-below" hidden></p>`;
});

test("by itself as few as hold all calls", () => {
  expect([0, 1, 2, 3, 5, 7, 8, 20].map((calls) => atOnce("auto", calls))).toEqual([1, 1, 2, 4, 6, 8, 8, 8]);
  expect(atOnce("4", 1)).toBe(4);
});

test("larger pictures only where they can be seen", () => {
  expect([1, 2, 4, 6, 8].map((fit) => sizeOf(fit, false))).toEqual(["large", "middle", "small", "small", "small"]);
  expect(sizeOf(8, true)).toBe("large");
});

test("the key goes round", () => {
  expect(CHOICES.map(after)).toEqual(["1", "2", "4", "6", "8", "auto"]);
});

describe("the choice", () => {
  test("is shown, and kept for this prison's wall only", () => {
    const one = wall();
    one.show(8);
    press("4");
    expect(document.querySelector("main")!.dataset["fit"]).toBe("4");
    expect(pressed()).toEqual(["tiles-4"]);
    expect(wall().fit).toBe(4);
    expect(wall(8).fit).not.toBe(4);
  });

  test("tells of calls that are below, until all fit", () => {
    const one = wall();
    one.show(8);
    press("6");
    const below = document.querySelector<HTMLElement>("[data-part=tiles-below]")!;
    expect([below.hidden, below.textContent]).toEqual([false, "tiles_below_many 2"]);
    press("8");
    expect(below.hidden).toBe(true);
  });

  test("holds in a browser that keeps nothing, and nonsense in its memory is left alone", () => {
    memory = { getItem: () => { throw new Error("no"); }, setItem: () => { throw new Error("no"); } };
    const one = wall();
    press("2");
    expect(one.fit).toBe(2);
    memory = { getItem: () => "17", setItem: () => undefined };
    expect(wall().fit).toBe(1);
  });

  test("tells the board only when something changed", () => {
    const one = wall();
    one.show(3);
    one.show(3);
    expect(changes).toBe(1);
    one.next();
    expect(changes).toBe(2);
  });
});
