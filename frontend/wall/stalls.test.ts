import { describe, expect, test } from "vitest";
import { Stalls } from "./stalls";

const some = (count: number) => ({ frames: count, audio: count });

describe("an end that brings nothing any more", () => {
  test("is stalled after a second without a frame or a packet", () => {
    const stalls = new Stalls();
    stalls.note("visitor", some(1), true, 0);
    stalls.note("visitor", some(1), true, 900);
    expect(stalls.isStalled("visitor", 900)).toBe(false);
    stalls.note("visitor", some(1), true, 1000);
    expect(stalls.isStalled("visitor", 1000)).toBe(true);
    expect(stalls.isStalled("inmate", 1000)).toBe(false);
  });

  test("is not while sound alone goes on, and not any more when something comes", () => {
    const stalls = new Stalls();
    stalls.note("visitor", { frames: 5, audio: 1 }, true, 0);
    stalls.note("visitor", { frames: 5, audio: 2 }, true, 1500);
    expect(stalls.isStalled("visitor", 1500)).toBe(false);
    stalls.note("visitor", { frames: 5, audio: 2 }, true, 3000);
    expect(stalls.isStalled("visitor", 3000)).toBe(true);
    stalls.note("visitor", { frames: 6, audio: 2 }, true, 3500);
    expect(stalls.isStalled("visitor", 3500)).toBe(false);
  });

  test("is not when nothing is due of it, nor before anything came", () => {
    const stalls = new Stalls();
    stalls.note("visitor", some(0), true, 0);
    stalls.note("visitor", some(0), true, 5000);
    expect(stalls.isStalled("visitor", 5000)).toBe(false);
    stalls.note("visitor", some(3), true, 6000);
    stalls.note("visitor", some(3), false, 9000);
    expect(stalls.isStalled("visitor", 9000)).toBe(false);
    stalls.note("visitor", some(3), true, 9500);
    expect(stalls.isStalled("visitor", 10_000)).toBe(false);
  });
});
