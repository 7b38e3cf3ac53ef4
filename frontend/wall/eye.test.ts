import { describe, expect, it } from "vitest";

import { NO_END, type Sample } from "../call/engine";
import { Eye, lookAt, MEASURE_EVERY } from "./eye";

/** RGBA of 192 points. */
function picture(grey: (point: number) => number): number[] {
  return Array.from({ length: 192 }, (_, point) => [grey(point), grey(point), grey(point), 255]).flat();
}

const BLACK = picture(() => 2);
const ROOM = picture((point) => (point * 7) % 200);

describe("a look at a picture", () => {
  it("finds black dark and flat", () => {
    expect(lookAt(BLACK, null)).toMatchObject({ light: 2, contrast: 0, motion: null });
  });

  it("finds a paper before the lens bright and flat", () => {
    expect(lookAt(picture(() => 240), null)).toMatchObject({ light: 240, contrast: 0 });
  });

  it("finds a face in a dark room bright enough: a tenth of the points is", () => {
    const face = picture((point) => (point < 24 ? 90 : 8));
    expect(lookAt(face, null)).toMatchObject({ light: 90, contrast: 82 });
  });

  it("weighs colours as an eye does", () => {
    const green = Array.from({ length: 192 }, () => [0, 255, 0, 255]).flat();
    expect(lookAt(green, null).light).toBe(150);
  });

  it("measures movement as the mean change of a point", () => {
    const first = lookAt(ROOM, null);
    expect(lookAt(ROOM, first.points).motion).toBe(0);
    const lighter = picture((point) => ((point * 7) % 200) + (point % 2) * 4);
    expect(lookAt(lighter, first.points).motion).toBeCloseTo(2);
  });
});

describe("the eye of a tile", () => {
  const video = {} as HTMLVideoElement;
  const both = () => video;
  const none = { inmate: false, visitor: false };
  let at = 0;
  let shown: number[] | null = ROOM;
  const eye = (): Eye => { at = 0; shown = ROOM; return new Eye(() => shown, () => at); };
  const sample = (inmate: number | null, visitor: number | null): Sample => ({
    at, connection: 1, rtt_ms: null, counts: [], transport: 0, sendLoss: null,
    ends: { inmate: { ...NO_END, level: inmate }, visitor: { ...NO_END, level: visitor } },
  });

  it("speaks every two seconds", () => {
    const one = eye();
    expect(one.hints(both, none)).not.toBeNull();
    at += MEASURE_EVERY - 1;
    expect(one.hints(both, none)).toBeNull();
    at += 1;
    expect(one.hints(both, none)?.inmate.motion).toBe(0);
  });

  it("says the loudest of each end since the last time, and begins anew", () => {
    const one = eye();
    one.hear(sample(0.2, null));
    one.hear(sample(0.05, 0.01));
    expect(one.hints(both, none)).toMatchObject({ inmate: { sound: 0.2 }, visitor: { sound: 0.01 } });
    at += MEASURE_EVERY;
    expect(one.hints(both, none)).toMatchObject({ inmate: { sound: null }, visitor: { sound: null } });
  });

  it("takes an end that sends no sound for silent", () => {
    expect(eye().hints(both, { inmate: false, visitor: true })?.visitor.sound).toBe(0);
  });

  it("says nothing of a picture that is not there, and compares with none from before", () => {
    const one = eye();
    one.hints(both, none);
    [shown, at] = [null, MEASURE_EVERY];
    expect(one.hints(both, none)?.visitor).toEqual({ light: null, contrast: null, motion: null, sound: null });
    [shown, at] = [ROOM, 2 * MEASURE_EVERY];
    expect(one.hints(both, none)?.visitor.motion).toBeNull();
    at += MEASURE_EVERY;
    expect(one.hints((role) => (role === "inmate" ? video : null), none)).toMatchObject({ inmate: { motion: 0 }, visitor: { light: null } });
  });
});
