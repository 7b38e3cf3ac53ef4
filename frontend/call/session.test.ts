// @vitest-environment happy-dom
import { createSign, generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Engine, EngineOptions } from "./engine";
import { StubEngine } from "./engine_stub";
import type { PageState } from "./machine";
import type { CallFacts } from "./messages";
import { CallSession } from "./session";

/** The stub engine, watched: what the session told it. */
class Watched extends StubEngine {
  static made: Watched[] = [];
  quiet = false;
  heard = false;
  left = false;

  constructor(options: EngineOptions) { super(options); Watched.made.push(this); }
  override silence(silent: boolean): void { this.quiet = silent; super.silence(silent); }
  override hear(on?: boolean): void { this.heard = on === true; }
  override leave(): void { this.left = true; super.leave(); }
}

class Line {
  static last: Line;
  readyState = 1;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: { t: string }[] = [];

  constructor() { Line.last = this; setTimeout(() => this.onopen?.(), 0); }
  send(data: string): void { this.sent.push(JSON.parse(data)); }
  close(): void { this.readyState = 3; }
  say(message: unknown): void { this.onmessage?.({ data: JSON.stringify(message) }); }
}

class Track extends EventTarget {
  stopped = false;
  stop(): void { this.stopped = true; }
}

const server = generateKeyPairSync("ec", { namedCurve: "P-256" });
let states: PageState[] = [];
let tracks: Track[] = [];
let seq = 0;

function facts(change: Partial<CallFacts> = {}): unknown {
  const call: CallFacts = {
    ref: "c-1", state: "live", holds: [], floor: true, now: (seq += 1), ends_at: null, remaining_s: 600, role: "inmate",
    other: { label: "Sari", state: "ready" }, sign: "watching", onlooker: false, outcome: null, message: null, muted: null, voice: null, door: "/door/i-1", ...change,
  };
  return { t: "state", seq, call };
}

function sign(n: number): unknown {
  const until = Math.round(performance.now()) + 5000;
  const sig = createSign("SHA256").update(`c-1|${n}|${until}`).sign({ key: server.privateKey, dsaEncoding: "ieee-p1363" });
  return { t: "sign", call: "c-1", n, until, sig: sig.toString("base64url") };
}

async function start(allowed = true): Promise<Engine | undefined> {
  tracks = [new Track(), new Track()];
  const stream = { getAudioTracks: () => [tracks[0]], getVideoTracks: () => [tracks[1]] };
  const refused = Object.assign(new Error("no"), { name: "NotAllowedError" });
  vi.stubGlobal("isSecureContext", true);
  Object.defineProperty(navigator, "mediaDevices", {
    configurable: true, value: { getUserMedia: async () => { if (!allowed) throw refused; return stream; } },
  });
  const session = new CallSession({
    data: {
      csrf: "", media: "stub", iceServers: [], participation: "i-1", door: "/door/i-1", control: "/control/i-1", next_url: "/station/", support_url: "/station/support/",
      signKey: server.publicKey.export({ format: "jwk" }),
    },
    role: "inmate", profile: "station", makeEngine: (options) => new Watched(options),
    views: { video: document.createElement("video"), audio: document.createElement("audio") },
    hooks: { render: (view) => states.push(view.state), ownMedia: () => undefined, warning: () => undefined, reminder: () => undefined, ended: () => undefined },
  });
  await session.start();
  await vi.advanceTimersByTimeAsync(10);
  return Watched.made.at(-1);
}

/** Real cryptography takes real time: let it finish, then let the page look again. */
async function hearSign(n: number): Promise<void> {
  Line.last.say(sign(n));
  vi.useRealTimers();
  await new Promise((resolve) => setTimeout(resolve, 30));
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance", "Date"] });
  vi.stubGlobal("WebSocket", Line);
  states = [];
  Watched.made = [];
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a station's call", () => {
  test("is silent before the server has said anything, and speaks once it has", async () => {
    await start();
    expect(Watched.made[0]?.quiet).toBe(true);
    Line.last.say(facts({ state: "prepared", floor: false, sign: "looking" }));
    expect(Watched.made[0]?.quiet).toBe(false);
    expect(Watched.made[0]?.heard).toBe(false);
    Line.last.say(facts());
    expect(Watched.made[0]?.heard).toBe(true);
  });

  test("falls silent on an open floor five seconds after the last sign, and says so", async () => {
    await start();
    Line.last.say(facts());
    await vi.advanceTimersByTimeAsync(4500);
    Line.last.say(facts());
    expect(states.at(-1)).toBe("live");
    await vi.advanceTimersByTimeAsync(800);
    expect(states.at(-1)).toBe("unsupervised");
    expect(Watched.made[0]).toMatchObject({ quiet: true, heard: false });
  });

  test("speaks again with the next valid sign", async () => {
    await start();
    Line.last.say(facts());
    await vi.advanceTimersByTimeAsync(5500);
    expect(Watched.made[0]?.quiet).toBe(true);
    await hearSign(1);
    expect(states.at(-1)).toBe("live");
    expect(Watched.made[0]).toMatchObject({ quiet: false, heard: true });
  });

  test("plays nothing while paused", async () => {
    await start();
    Line.last.say(facts());
    Line.last.say(facts({ floor: false, holds: ["supervisor"] }));
    expect(states.at(-1)).toBe("paused");
    expect(Watched.made[0]?.heard).toBe(false);
  });
});

describe("any party's call", () => {
  test("does not join without camera and microphone, and says why", async () => {
    expect(await start(false)).toBeUndefined();
    expect(states.at(-1)).toBe("blocked");
    expect(Line.last.sent[0]).toMatchObject({ t: "hello" });
  });

  test("lets go of everything when it ends", async () => {
    await start();
    Line.last.say(facts());
    Line.last.say({ t: "ended", outcome: "completed", message: "Selesai", next_url: "/x/" });
    expect(states.at(-1)).toBe("ended");
    expect(Watched.made[0]?.left).toBe(true);
    expect(tracks.every((track) => track.stopped)).toBe(true);
    const sent = Line.last.sent.length;
    await vi.advanceTimersByTimeAsync(5000);
    expect(Line.last.sent).toHaveLength(sent);
  });

  test("gives way to the page opened elsewhere", async () => {
    await start();
    Line.last.say({ t: "replaced", message: null });
    expect(states.at(-1)).toBe("replaced");
    expect(Watched.made[0]?.left).toBe(true);
  });

  test("is blocked when a device is pulled out", async () => {
    await start();
    Line.last.say(facts());
    tracks[1]?.dispatchEvent(new Event("ended"));
    expect(states.at(-1)).toBe("blocked");
  });

  test("beats every second with counters that only grow", async () => {
    await start();
    Line.last.say(facts({ state: "prepared", floor: false }));
    await vi.advanceTimersByTimeAsync(3200);
    const beats = Line.last.sent.filter((message) => message.t === "beat") as unknown as { sent: { audio: number } }[];
    expect(beats.length).toBe(3);
    expect(beats.at(-1)?.sent.audio ?? 0).toBeGreaterThan(beats[0]?.sent.audio ?? 0);
  });
});
