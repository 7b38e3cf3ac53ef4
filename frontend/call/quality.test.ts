import { describe, expect, test } from "vitest";
import { NO_END, type EndSample, type Sample } from "./engine";
import { LineWatch, lineOf, Totals } from "./quality";

function sample(at: number, inmate: Partial<EndSample> = {}, change: Partial<Sample> = {}): Sample {
  return {
    at, connection: 1, rtt_ms: 40, bytes: at, transport: at, sent: { audio: 0, video: 0 }, sendLoss: 0,
    ends: { visitor: NO_END, inmate: { ...NO_END, ...inmate } }, ...change,
  };
}

const measured = { concealed: 0, loss: 0, rtt_ms: 40, fps: 15 };

describe("the line in words", () => {
  test("is unknown while nothing was measured", () => {
    expect(lineOf({ concealed: null, loss: null, rtt_ms: null, fps: null }, true)).toBe("unknown");
  });

  test("is good, weak, bad by what is heard", () => {
    expect(lineOf(measured, true)).toBe("good");
    expect(lineOf({ ...measured, concealed: 0.031 }, true)).toBe("weak");
    expect(lineOf({ ...measured, concealed: 0.121 }, true)).toBe("bad");
  });

  test("is weak by loss and by a long way", () => {
    expect(lineOf({ ...measured, loss: 0.06 }, true)).toBe("weak");
    expect(lineOf({ ...measured, rtt_ms: 601 }, true)).toBe("weak");
    expect(lineOf({ ...measured, rtt_ms: 1501 }, true)).toBe("bad");
  });

  test("counts a slow picture only where a picture is due", () => {
    expect(lineOf({ ...measured, fps: 3 }, true)).toBe("weak");
    expect(lineOf({ ...measured, fps: 0 }, true)).toBe("bad");
    expect(lineOf({ ...measured, fps: 0 }, false)).toBe("good");
  });
});

describe("a watched line", () => {
  test("is judged over some seconds, not since the beginning", () => {
    const watch = new LineWatch("inmate");
    watch.judge(sample(0, { samples: 0, concealed: 0 }), false, 0);
    expect(watch.judge(sample(1000, { samples: 48_000, concealed: 9600 }), false, 0).line).toBe("bad");
    for (let second = 2; second <= 7; second += 1) {
      watch.judge(sample(second * 1000, { samples: second * 48_000, concealed: 9600 }), false, 0);
    }
    expect(watch.judge(sample(8000, { samples: 8 * 48_000, concealed: 9600 }), false, 0).line).toBe("good");
  });

  test("measures frames a second only after two seconds", () => {
    const watch = new LineWatch("inmate");
    expect(watch.judge(sample(0, { frames: 1 }), true, 0).fps).toBeNull();
    expect(watch.judge(sample(1000, { frames: 2 }), true, 0).fps).toBeNull();
    expect(watch.judge(sample(3000, { frames: 31 }), true, 0).fps).toBe(10);
  });

  test("begins anew after a rejoin, so falling counters are no loss", () => {
    const watch = new LineWatch("inmate");
    watch.judge(sample(0, { audioPackets: 900, audioLost: 100 }), false, 0);
    const report = watch.judge(sample(1000, { audioPackets: 50, audioLost: 0 }, { connection: 2 }), false, 0);
    expect(report.loss).toBe(0);
  });

  test("takes the worse of what comes in and what goes out", () => {
    const watch = new LineWatch("inmate");
    watch.judge(sample(0), false, 0);
    const report = watch.judge(sample(1000, { audioPackets: 90, audioLost: 10 }, { sendLoss: 0.2 }), false, 0);
    expect(report.loss).toBe(0.2);
  });
});

describe("totals", () => {
  test("go on over a rejoin", () => {
    const totals = new Totals();
    totals.add(sample(0, { audioPackets: 100, frames: 30 }, { sent: { audio: 5, video: 2 } }));
    totals.add(sample(1, { audioPackets: 10, frames: 3 }, { connection: 2, sent: { audio: 1, video: 1 } }));
    expect(totals.received("inmate")).toEqual({ audio: 110, video: 33 });
    expect(totals.sent).toEqual({ audio: 6, video: 3 });
  });

  test("never fall when a track takes its counters away", () => {
    const totals = new Totals();
    totals.add(sample(0, { audioPackets: 100, frames: 30 }));
    totals.add(sample(1, { audioPackets: 0, frames: 0 }));
    expect(totals.end("inmate")).toEqual({ frames: 30, audio: 100 });
    expect(totals.end("visitor")).toEqual({ frames: 0, audio: 0 });
  });
});
