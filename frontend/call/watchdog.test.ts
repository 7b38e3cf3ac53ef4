import { describe, expect, test } from "vitest";
import { NO_END, type Sample } from "./engine";
import { Watchdog } from "./watchdog";

function sample(at: number, audio: number, transport: number, connection = 1): Sample {
  return {
    at, connection, rtt_ms: null, counts: [], transport, sendLoss: null,
    ends: { visitor: NO_END, inmate: { ...NO_END, audioPackets: audio } },
  };
}

function run(dog: Watchdog, samples: Sample[], due: readonly ("inmate" | "visitor")[] = ["inmate"]): number[] {
  return samples.filter((each) => dog.check(each, due)).map((each) => each.at);
}

describe("the watchdog", () => {
  test("rejoins after 1.5 s without audio on a silent line", () => {
    const dog = new Watchdog(["inmate"]);
    expect(run(dog, [sample(0, 10, 10), sample(1000, 10, 10), sample(1499, 10, 10), sample(1500, 10, 10)])).toEqual([1500]);
  });

  test("stays while our own line lives: then the other side is gone", () => {
    const dog = new Watchdog(["inmate"]);
    const samples = [0, 1000, 2000, 3000, 4000, 5000, 6000, 7000].map((at) => sample(at, 10, at + 1));
    expect(run(dog, samples)).toEqual([]);
  });

  test("tries once when the line lives but nothing comes for eight seconds", () => {
    const dog = new Watchdog(["inmate"]);
    const samples = [0, 2000, 4000, 6000, 8000, 10_000].map((at) => sample(at, 10, at + 1));
    expect(run(dog, samples)).toEqual([8000]);
  });

  test("expects no audio where none is due, but notices a dead line", () => {
    const dog = new Watchdog(["inmate"]);
    const samples = [0, 2000, 4000, 5999].map((at) => sample(at, 10, 10));
    expect(run(dog, samples, [])).toEqual([]);
    expect(dog.check(sample(6000, 10, 10), [])).toBe(true);
  });

  test("counts from the moment audio became due, not from before", () => {
    const dog = new Watchdog(["inmate"]);
    run(dog, [sample(0, 10, 10), sample(3000, 10, 10)], []);
    expect(dog.check(sample(3100, 10, 10), ["inmate"])).toBe(false);
    expect(dog.check(sample(4400, 10, 10), ["inmate"])).toBe(false);
    expect(dog.check(sample(4500, 10, 10), ["inmate"])).toBe(true);
  });

  test("gives a rejoin four seconds before the next", () => {
    const dog = new Watchdog(["inmate"]);
    const samples = Array.from({ length: 15 }, (_, index) => sample(index * 500, 10, 10));
    expect(run(dog, samples)).toEqual([1500, 5500]);
  });

  test("starts anew with a new connection", () => {
    const dog = new Watchdog(["inmate"]);
    run(dog, [sample(0, 10, 10), sample(1400, 10, 10)]);
    expect(dog.check(sample(1600, 0, 0, 2), ["inmate"])).toBe(false);
    expect(dog.silentFor).toBe(0);
    dog.check(sample(2600, 0, 0, 2), ["inmate"]);
    expect(dog.silentFor).toBe(1000);
  });

  test("tells how long nothing came in when it finds the line dead", () => {
    const dog = new Watchdog(["inmate"]);
    expect(run(dog, [sample(0, 10, 10), sample(900, 10, 10), sample(1600, 10, 10)])).toEqual([1600]);
    expect(dog.silentFor).toBe(1600);
  });
});
