// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";

import type { Body } from "./acts";
import { JustEnded } from "./just_ended";

const EMPTY = '<div data-part="just-ended" hidden></div>';
const ONE = '<div data-part="just-ended"><button data-confirm="/wall/ended/v1" data-seen="completed">Pastikan</button></div>';
const settle = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve); });

describe("calls that have just ended", () => {
  let asked: string[];
  let sent: [string, Body][];
  let answer: string | null;
  let list: JustEnded;
  const button = (): HTMLButtonElement | null => document.querySelector("button");

  beforeEach(() => {
    asked = [];
    sent = [];
    answer = ONE;
    document.body.innerHTML = EMPTY;
    list = new JustEnded(
      "/wall/ended",
      (url, body) => { sent.push([url, body]); return Promise.resolve(true); },
      (url) => { asked.push(url); return Promise.resolve(answer); },
    );
  });

  it("are asked for when a call that was watched here is gone, and at no other time", async () => {
    list.show([{ ref: "a", mine: true }, { ref: "b", mine: false }]);
    list.show([{ ref: "a", mine: true }]);
    expect(asked).toEqual([]);
    list.show([]);
    list.show([]);
    await settle();
    expect(asked).toEqual(["/wall/ended"]);
    expect(button()).not.toBeNull();
  });

  it("are confirmed with what was seen, once, and go", async () => {
    await list.refresh();
    answer = EMPTY;
    button()?.click();
    button()?.click();
    await settle();
    expect(sent).toEqual([["/wall/ended/v1", { seen: "completed" }]]);
    expect(button()).toBeNull();
  });

  it("can be confirmed again when no answer came", async () => {
    await list.refresh();
    answer = null;
    button()?.click();
    await settle();
    expect(button()?.disabled).toBe(false);
  });

  it("are nothing to an officer who settles no outcomes", async () => {
    document.body.innerHTML = "";
    list.show([{ ref: "a", mine: true }]);
    list.show([]);
    await settle();
    expect(asked).toEqual([]);
  });
});
