import { describe, expect, test } from "vitest";
import type { WallCall } from "../call/messages";
import { dueEnds, marksOf, micNote, missingPicture, needsIdentity, wordsOf } from "./words";

function call(change: Partial<WallCall> = {}): WallCall {
  const on = { camera: true, microphone: true };
  return {
    ref: "c-1", state: "live", holds: [], floor: true, sign: "watching", remaining_s: 600, ends_at: null, station: "Bilik 1",
    inmate: { name: "Budi" }, visitor: { name: "Sari", relation: "istri" }, attendance: { inmate: "ready", visitor: "ready" },
    participation: "s-1", door: "/door/s-1", flags: [], marks: [], second_needed: false, people: { booked: 1, counted: null }, watched_by: ["P1"], mine: true, publishing: { inmate: on, visitor: on },
    lines: { inmate: "good", visitor: "good" }, muted: { inmate: false, visitor: false }, speaks: "", ...change,
  };
}

describe("a tile", () => {
  test("of a live call offers to listen, warn, pause and end", () => {
    expect(wordsOf(call(), false)).toMatchObject({ key: "tile_live", tone: "plain", acts: ["listen", "speak", "warn", "pause", "mute-inmate", "mute-visitor", "extend", "count", "incident", "support", "note", "handover", "end", "unwatch"] });
    expect(wordsOf(call(), true)).toMatchObject({ key: "tile_heard", tone: "heard" });
  });

  test("of a call paused by an officer offers to go on", () => {
    const words = wordsOf(call({ holds: ["technical", "supervisor"], floor: false }), true);
    expect(words).toMatchObject({ key: "tile_paused_supervisor", tone: "paused" });
    expect(words.acts).toContain("resume");
    expect(words.acts).not.toContain("pause");
  });

  test("paused by a fault can still be paused by the officer, and that pause stays his", () => {
    const words = wordsOf(call({ holds: ["technical"], floor: false }), false);
    expect(words.key).toBe("tile_paused_technical");
    expect(words.acts).toContain("pause");
  });

  test("asks for the identity once both are ready, and for a latecomer", () => {
    expect(needsIdentity(call({ state: "prepared", floor: false }))).toBe(true);
    expect(needsIdentity(call({ holds: ["identity"], floor: false }))).toBe(true);
    expect(needsIdentity(call({ state: "prepared", attendance: { inmate: "ready", visitor: "present" } }))).toBe(false);
    expect(wordsOf(call({ state: "prepared", floor: false }), false)).toMatchObject({ key: "tile_identity", tone: "check" });
  });

  test("says who is missing", () => {
    const waiting = (inmate: string, visitor: string) => wordsOf(call({ state: "prepared", attendance: { inmate, visitor } }), false).key;
    expect(waiting("ready", "absent")).toBe("tile_waiting_visitor");
    expect(waiting("absent", "ready")).toBe("tile_waiting_inmate");
    expect(waiting("absent", "present")).toBe("tile_waiting_both");
  });

  test("that nobody watches is an alarm only when somebody waits for it", () => {
    const alone = { mine: false, watched_by: [] };
    expect(wordsOf(call(alone), false)).toMatchObject({ key: "tile_unwatched", tone: "alarm", acts: ["watch"] });
    expect(wordsOf(call({ ...alone, state: "prepared", attendance: { inmate: "ready", visitor: "absent" } }), false).tone).toBe("plain");
    expect(wordsOf(call({ mine: false }), false)).toMatchObject({ key: "tile_watched_by", values: { who: "P1" } });
  });

  test("never offers to pause a call that ended", () => {
    expect(wordsOf(call({ state: "ended" }), false).acts).toEqual(["unwatch"]);
  });
});

test("a missing picture says why", () => {
  expect(missingPicture(call({ mine: false }), "inmate")).toBe("picture_unwatched");
  expect(missingPicture(call({ attendance: { inmate: "absent", visitor: "ready" } }), "inmate")).toBe("picture_absent_inmate");
  expect(missingPicture(call(), "visitor")).toBe("picture_coming");
  const dark = { inmate: { camera: true, microphone: true }, visitor: { camera: false, microphone: false } };
  expect(missingPicture(call({ publishing: dark }), "visitor")).toBe("picture_off");
  expect(dueEnds(call({ publishing: dark }))).toEqual(["inmate"]);
  expect(dueEnds(call({ lines: { inmate: "good", visitor: "lost" } }))).toEqual(["inmate"]);
});

test("a microphone is said to be off by an officer only when the server shows none", () => {
  const muted = { inmate: true, visitor: false };
  const off = { inmate: { camera: true, microphone: false }, visitor: { camera: true, microphone: true } };
  expect(micNote(call({ muted }), "inmate", false)).toBe("mic_going_off");
  expect(micNote(call({ muted, publishing: off }), "inmate", false)).toBe("mic_off_by_officer");
  expect(micNote(call({ muted }), "visitor", true)).toBe("mic_off");
  expect(micNote(call({ muted }), "visitor", false)).toBe("");
});

test("a call that lacks its second officer says so to both of them, and offers the other to watch", () => {
  expect(wordsOf(call({ second_needed: true, floor: false, holds: ["no_supervisor"] }), false)).toMatchObject({ key: "tile_two_needed", tone: "alarm" });
  expect(wordsOf(call({ second_needed: true, mine: false }), false)).toMatchObject({ key: "tile_two_needed", acts: ["watch"] });
  expect(wordsOf(call({ second_needed: true, state: "prepared", floor: false }), false).acts).toContain("identity");
});

test("a tile marks what is asked for before what is known", () => {
  expect(marksOf(call({ flags: ["help_visitor"], marks: ["sensitive", "child"] }))).toEqual(["flag_help_visitor", "mark_sensitive", "mark_child"]);
});
