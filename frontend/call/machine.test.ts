import { describe, expect, test } from "vitest";
import { learn, leadingHold, mayPlay, minutesLeft, mustBeSilent, NOTHING_KNOWN, secondsLeft, stateOf, type Facts, type Happening } from "./machine";
import type { CallFacts } from "./messages";

function call(change: Partial<CallFacts> = {}): CallFacts {
  return {
    ref: "c-1", state: "live", holds: [], floor: true, now: 1000, ends_at: 901_000, remaining_s: 900, role: "visitor",
    other: { label: "Budi", state: "ready" }, sign: "watching", onlooker: false, outcome: null, message: null, muted: null, voice: null, door: "/door/v-1", ...change,
  };
}

function after(...news: Happening[]): Facts {
  return news.reduce(learn, NOTHING_KNOWN);
}

function told(change: Partial<CallFacts> = {}, seq = 1, at = 0): Happening {
  return { kind: "state", seq, call: call(change), at };
}

const ready: Happening = { kind: "devices", devices: "ready" };
const joined: Happening = { kind: "media", joined: true, at: 0 };

describe("the state of the page", () => {
  test("is connecting before anything is known", () => {
    expect(stateOf(NOTHING_KNOWN, 0)).toBe("connecting");
  });

  test("is waiting while the call is prepared and nobody looks", () => {
    expect(stateOf(after(ready, told({ state: "prepared", floor: false, sign: "none" })), 0)).toBe("waiting");
  });

  test("is identity check once an officer looks before admit", () => {
    expect(stateOf(after(ready, told({ state: "prepared", floor: false, sign: "looking" })), 0)).toBe("identity_check");
    expect(stateOf(after(ready, told({ holds: ["identity"], floor: false })), 0)).toBe("identity_check");
  });

  test("is live only with an open floor", () => {
    expect(stateOf(after(ready, told()), 0)).toBe("live");
    expect(stateOf(after(ready, told({ holds: ["supervisor"], floor: false })), 0)).toBe("paused");
    expect(stateOf(after(ready, told({ floor: false })), 0)).toBe("paused");
  });

  test("is ended by the message and by the state", () => {
    expect(stateOf(after(told({ state: "ended", floor: false })), 0)).toBe("ended");
    const end: Happening = { kind: "ended", ended: { outcome: "completed", message: null, next_url: null } };
    expect(stateOf(after(told(), end), 0)).toBe("ended");
  });

  test("is replaced, whatever else is known", () => {
    expect(stateOf(after(told({ state: "ended" }), { kind: "replaced", message: "elsewhere" }), 0)).toBe("replaced");
  });

  test("is blocked when a device is refused, and not blocked while it is only asked", () => {
    expect(stateOf(after(told(), { kind: "devices", devices: "refused" }), 0)).toBe("blocked");
    expect(stateOf(after(told(), { kind: "devices", devices: "unknown" }), 0)).toBe("live");
  });

  test("is unsupervised on a live call without a fresh sign, and live again with one", () => {
    const stale = after(ready, told(), { kind: "supervised", fresh: false });
    expect(stateOf(stale, 0)).toBe("unsupervised");
    expect(mayPlay(stale, 0)).toBe(false);
    expect(stateOf(learn(stale, { kind: "supervised", fresh: true }), 0)).toBe("live");
  });

  test("keeps the officer's pause in words even when the sign is stale, too", () => {
    const paused = after(told({ holds: ["supervisor"], floor: false }), { kind: "supervised", fresh: false });
    expect(stateOf(paused, 0)).toBe("paused");
  });
});

describe("a lost line", () => {
  test("is said before two seconds are over, and not at once", () => {
    const lost = after(ready, told(), joined, { kind: "media", joined: false, at: 5000 });
    expect(stateOf(lost, 6699)).toBe("live");
    expect(stateOf(lost, 6700)).toBe("reconnecting");
  });

  test("counts from the first loss, not the last", () => {
    const lost = after(told(), joined, { kind: "control", open: false, at: 1000 }, { kind: "media", joined: false, at: 2500 });
    expect(stateOf(lost, 3000)).toBe("reconnecting");
  });

  test("is over when both are back", () => {
    const back = after(told(), joined, { kind: "control", open: false, at: 0 }, { kind: "control", open: true, at: 4000 });
    expect(stateOf(back, 9000)).toBe("live");
  });

  test("does not begin before the first join", () => {
    expect(stateOf(after(told(), { kind: "media", joined: false, at: 0 }), 9000)).toBe("live");
  });

  test("leaves the picture on, since media outlives a socket", () => {
    const lost = after(told(), joined, { kind: "control", open: false, at: 0 });
    expect(mayPlay(lost, 3000)).toBe(true);
    expect(mayPlay(after(told({ floor: false, holds: ["supervisor"] }), { kind: "control", open: false, at: 0 }), 3000)).toBe(false);
  });
});

describe("messages out of order", () => {
  test("an older state does not undo a newer one", () => {
    const facts = after(told({ now: 2000, floor: false, holds: ["supervisor"] }, 7), told({ now: 1500 }, 6));
    expect(stateOf(facts, 0)).toBe("paused");
  });

  test("a new socket may count from one again, since its clock is newer", () => {
    const facts = after(told({ now: 2000 }, 7), told({ now: 3000, floor: false, holds: ["technical"] }, 1));
    expect(stateOf(facts, 0)).toBe("paused");
  });
});

describe("the time left", () => {
  test("runs on between two messages while the floor is open", () => {
    expect(secondsLeft(after(told({ remaining_s: 120 }, 1, 1000)), 4000)).toBe(117);
  });

  test("stands while the floor is closed or the line is lost", () => {
    expect(secondsLeft(after(told({ remaining_s: 120, floor: false }, 1, 0)), 4000)).toBe(120);
    expect(secondsLeft(after(told({ remaining_s: 120 }), { kind: "control", open: false, at: 0 }), 4000)).toBe(120);
  });

  test("never goes below zero and is unknown before admit", () => {
    expect(secondsLeft(after(told({ remaining_s: 1 }, 1, 0)), 9000)).toBe(0);
    expect(secondsLeft(after(told({ remaining_s: null })), 0)).toBeNull();
  });

  test("is said in whole minutes begun", () => {
    expect([601, 600, 61, 60, 1].map(minutesLeft)).toEqual([11, 10, 2, 1, 1]);
  });
});

test("an officer's pause is told before a technical one", () => {
  expect(leadingHold(["technical", "supervisor"])).toBe("supervisor");
  expect(leadingHold([])).toBeNull();
});

describe("the silence of a station", () => {
  const stale: Happening = { kind: "supervised", fresh: false };

  test("falls without a sign on an open floor, and lifts with one", () => {
    expect(mustBeSilent(after(told()))).toBe(false);
    expect(mustBeSilent(after(told(), stale))).toBe(true);
    expect(mustBeSilent(after(told(), stale, { kind: "supervised", fresh: true }))).toBe(false);
  });

  test("is not needed while the server says the floor is closed, else nobody could begin to watch", () => {
    expect(mustBeSilent(after(told({ state: "prepared", floor: false }), stale))).toBe(false);
    expect(mustBeSilent(after(told({ floor: false, holds: ["no_supervisor"] }), stale))).toBe(false);
  });

  test("does not trust what a dead socket said last", () => {
    expect(mustBeSilent(after(told({ floor: false }), stale, { kind: "control", open: false, at: 0 }))).toBe(true);
    expect(mustBeSilent(after(stale))).toBe(true);
  });

  test("is told before a lost line", () => {
    const facts = after(told(), stale, { kind: "control", open: false, at: 0 });
    expect(stateOf(facts, 9000)).toBe("unsupervised");
  });
});
