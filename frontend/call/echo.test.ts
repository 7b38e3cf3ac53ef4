import { describe, expect, test } from "vitest";
import { median, verdictOf } from "./echo";
import { loudnessOf } from "./meter";

describe("the line before a call", () => {
  test("is good, weak or bad by speed and by the way there and back", () => {
    const line = (kbit_s: number, rtt_ms: number) => verdictOf({ ok: true, kbit_s, rtt_ms });
    expect(line(600, 500)).toBe("good");
    expect(line(599, 100)).toBe("weak");
    expect(line(2000, 501)).toBe("weak");
    expect(line(149, 100)).toBe("bad");
    expect(line(2000, 1501)).toBe("bad");
  });

  test("is bad when nothing came back", () => {
    expect(verdictOf({ ok: false, kbit_s: null, rtt_ms: null })).toBe("bad");
  });

  test("is judged by the middle of the pings, so one slow one does not count", () => {
    expect(median([900, 30, 32, 31, 33])).toBe(32);
    expect(median([])).toBe(0);
  });
});

describe("loudness", () => {
  test("of silence is nothing, of a full tone nearly all", () => {
    expect(loudnessOf(new Float32Array(256))).toBe(0);
    const tone = Float32Array.from({ length: 4800 }, (_, index) => Math.sin(index / 5));
    expect(loudnessOf(tone)).toBeGreaterThan(0.9);
    expect(loudnessOf(tone.map((each) => each / 100))).toBeCloseTo(loudnessOf(tone) - 40 / 60, 2);
  });
});
