import { describe, expect, test } from "vitest";
import { NO_END, type EndSample, type Sample, type StreamCount } from "./engine";
import { LineWatch, lineOf, Totals } from "./quality";

function sample(at: number, inmate: Partial<EndSample> = {}, change: Partial<Sample> = {}): Sample {
  return {
    at, connection: 1, rtt_ms: 40, counts: [], transport: at, sendLoss: 0,
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

  test("begins anew when the other end rejoined, so its fresh picture is no slow one", () => {
    const watch = new LineWatch("inmate");
    watch.judge(sample(0, { frames: 500, audioPackets: 900 }), true, 0);
    expect(watch.judge(sample(2500, { frames: 3, audioPackets: 20 }), true, 0).fps).toBeNull();
  });

  test("takes the worse of what comes in and what goes out", () => {
    const watch = new LineWatch("inmate");
    watch.judge(sample(0), false, 0);
    const report = watch.judge(sample(1000, { audioPackets: 90, audioLost: 10 }, { sendLoss: 0.2 }), false, 0);
    expect(report.loss).toBe(0.2);
  });
});

describe("totals", () => {
  const counted = (...counts: [StreamCount["what"], string, number][]): Sample =>
    sample(0, {}, { counts: counts.map(([what, stream, value]) => ({ what, stream, value })) });

  test("go on over a rejoin, ours or the other end's", () => {
    const totals = new Totals();
    totals.add(counted(["inmateAudio", "1/A", 100], ["inmateFrames", "1/V", 30], ["sentAudio", "1/S", 5], ["sentVideo", "1/q", 2]));
    totals.add(counted(["inmateAudio", "2/A", 10], ["inmateFrames", "2/V", 3], ["sentAudio", "2/S", 1], ["sentVideo", "2/q", 1]));
    expect(totals.received("inmate")).toEqual({ audio: 110, video: 33 });
    expect(totals.sent).toEqual({ audio: 6, video: 3 });
  });

  test("do not grow by a stream that was away and came back the same: no frame came meanwhile", () => {
    const totals = new Totals();
    totals.add(counted(["inmateFrames", "1/V", 30]));
    totals.add(counted());
    totals.add(counted(["inmateFrames", "1/V", 30]));
    expect(totals.end("inmate")).toEqual({ frames: 30, audio: 0 });
    totals.add(counted(["inmateFrames", "1/V", 31]));
    expect(totals.end("inmate").frames).toBe(31);
    expect(totals.end("visitor")).toEqual({ frames: 0, audio: 0 });
  });

  test("add up the layers of one picture", () => {
    const totals = new Totals();
    totals.add(counted(["sentVideo", "1/q", 4], ["sentVideo", "1/h", 6], ["bytes", "1/P", 150]));
    expect(totals.sent.video).toBe(10);
    expect(totals.bytes).toBe(150);
  });
});
