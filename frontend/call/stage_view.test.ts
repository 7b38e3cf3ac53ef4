// Which pair of sentences a page shows.

import { describe, expect, test } from "vitest";

import { learn, NOTHING_KNOWN, type Happening } from "./machine";
import { statusKey } from "./stage_view";

const end = (put_off?: boolean): Happening => ({
  kind: "ended", ended: { outcome: null, message: null, next_url: null, ...(put_off === undefined ? {} : { put_off }) },
});

describe("the words of an end", () => {
  test("are those of an end", () => {
    expect(statusKey({ state: "ended", facts: learn(NOTHING_KNOWN, end()) })).toBe("ended");
    expect(statusKey({ state: "ended", facts: NOTHING_KNOWN })).toBe("ended");
  });

  test("say that the visit begins later, where it does", () => {
    expect(statusKey({ state: "ended", facts: learn(NOTHING_KNOWN, end(true)) })).toBe("put_off");
  });

  test("do not call finished what was stopped for all", () => {
    const stopped = { outcome: "cancelled_by_facility", message: null, next_url: null };
    expect(statusKey({ state: "ended", facts: { ...NOTHING_KNOWN, ended: stopped } })).toBe("ended_stopped");
    expect(statusKey({ state: "ended", facts: { ...NOTHING_KNOWN, ended: { ...stopped, outcome: "completed" } } })).toBe("ended");
  });
});
