import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Control, newGeneration, socketUrl, waitBefore, type SocketLike } from "./control";

class FakeSocket implements SocketLike {
  static all: FakeSocket[] = [];
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: unknown[] = [];

  constructor(readonly url: string) { FakeSocket.all.push(this); }
  send(data: string): void { this.sent.push(JSON.parse(data)); }
  close(): void { this.readyState = 3; }
  accept(): void { this.readyState = 1; this.onopen?.(); }
  drop(code = 1006): void { this.readyState = 3; this.onclose?.({ code }); }
  say(message: unknown): void { this.onmessage?.({ data: JSON.stringify(message) }); }
}

const heard: unknown[] = [];
const moments: string[] = [];
let control: Control<{ t: string }, { t: string; gen?: number }>;

function last(): FakeSocket {
  const socket = FakeSocket.all.at(-1);
  if (socket === undefined) throw new Error("no socket was opened");
  return socket;
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
  heard.length = moments.length = 0;
  control = new Control({
    url: "ws://site/control/v-1", gen: 7, open: (url) => new FakeSocket(url),
    onMessage: (message) => heard.push(message), onOpen: () => moments.push("open"), onClose: () => moments.push("close"),
    onReplaced: () => moments.push("replaced"),
    hello: (gen) => ({ t: "hello", gen }), beat: (gen) => ({ t: "beat", gen }),
  });
});

afterEach(() => {
  control.stop();
  vi.useRealTimers();
});

describe("an open socket", () => {
  test("says hello with its generation first, then beats every second", () => {
    control.start();
    last().accept();
    vi.advanceTimersByTime(2100);
    expect(last().sent).toEqual([{ t: "hello", gen: 7 }, { t: "beat", gen: 7 }, { t: "beat", gen: 7 }]);
  });

  test("hands messages on and leaves out what it cannot read", () => {
    control.start();
    last().accept();
    last().say({ t: "state" });
    last().onmessage?.({ data: "not json" });
    last().onmessage?.({ data: "42" });
    expect(heard).toEqual([{ t: "state" }]);
  });

  test("refuses to send while it is not open, instead of queueing", () => {
    control.start();
    expect(control.send({ t: "end" })).toBe(false);
    last().accept();
    expect(control.send({ t: "end" })).toBe(true);
  });
});

describe("a lost socket", () => {
  test("comes back with the same generation, says hello again", () => {
    control.start();
    last().accept();
    last().drop();
    vi.advanceTimersByTime(400);
    expect(FakeSocket.all).toHaveLength(2);
    last().accept();
    expect(last().sent[0]).toEqual({ t: "hello", gen: 7 });
    expect(moments).toEqual(["open", "close", "open"]);
  });

  test("waits longer each time, and begins anew after a success", () => {
    expect([0, 1, 2, 3, 4, 9].map((attempt) => waitBefore(attempt, 0.5))).toEqual([250, 500, 1000, 2000, 3000, 3000]);
    expect(waitBefore(0, 0)).toBeLessThan(waitBefore(0, 1));
  });

  test("is noticed by silence, since a dead line does not close", () => {
    control.start();
    last().accept();
    last().say({ t: "state" });
    vi.advanceTimersByTime(7900);
    expect(moments).toEqual(["open"]);
    vi.advanceTimersByTime(200);
    expect(moments).toEqual(["open", "close"]);
    vi.advanceTimersByTime(400);
    expect(FakeSocket.all).toHaveLength(2);
  });

  test("a late word of the old socket means nothing", () => {
    control.start();
    const old = last();
    old.accept();
    old.drop();
    vi.advanceTimersByTime(400);
    last().accept();
    old.say({ t: "state" });
    old.onclose?.({ code: 1006 });
    expect(heard).toEqual([]);
    expect(FakeSocket.all).toHaveLength(2);
  });

  test("is tried at once when the browser says it is online", () => {
    control.start();
    last().drop();
    control.retryNow();
    expect(FakeSocket.all).toHaveLength(2);
    control.retryNow();
    expect(FakeSocket.all).toHaveLength(2);
  });

  test("closed because a newer page took over stays away", () => {
    control.start();
    last().accept();
    last().drop(4001);
    vi.advanceTimersByTime(60_000);
    expect(moments).toEqual(["open", "replaced"]);
    expect(FakeSocket.all).toHaveLength(1);
  });

  test("stays away once stopped", () => {
    control.start();
    last().accept();
    control.stop();
    last().drop();
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.all).toHaveLength(1);
  });
});

test("a later page has a greater generation", () => {
  expect(newGeneration(2000, 0)).toBeGreaterThan(newGeneration(1999, 0.999));
});

test("the socket follows the page's own origin", () => {
  expect(socketUrl("/control/v-1", { protocol: "https:", host: "besuk.example" })).toBe("wss://besuk.example/control/v-1");
  expect(socketUrl("/control/v-1", { protocol: "http:", host: "127.0.0.1:8000" })).toBe("ws://127.0.0.1:8000/control/v-1");
});
