import { DisconnectReason, RoomEvent, type Room, type RoomOptions } from "livekit-client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RoomLine } from "./room_line";

type Listener = (...said: unknown[]) => void;

/** A room of the media server that does what the test says. */
class Place {
  readonly listeners = new Map<string, Listener>();
  left = false;
  constructor(private readonly answer: Error | null) {}
  on(event: string, listener: Listener): void { this.listeners.set(event, listener); }
  once(event: string, listener: Listener): void { this.listeners.set(event, listener); }
  removeAllListeners(): void { this.listeners.clear(); }
  async disconnect(): Promise<void> { this.left = true; }
  async connect(): Promise<void> {
    if (this.answer !== null) throw this.answer;
    this.say(RoomEvent.SignalConnected);
    this.say(RoomEvent.Connected);
  }
  say(event: string, ...more: unknown[]): void { this.listeners.get(event)?.(...more); }
}

function line(...answers: (Error | null)[]): { line: RoomLine; places: Place[]; said: string[] } {
  const places: Place[] = [], said: string[] = [];
  const make = (_options: RoomOptions): Room => {
    const place = new Place(answers.shift() ?? null);
    places.push(place);
    return place as unknown as Room;
  };
  const one = new RoomLine({ door: "/door/v-1", iceServers: [], options: () => ({}) }, {
    opened: () => said.push("opened"), admitted: () => said.push("admitted"), joined: () => said.push("joined"),
    lost: () => said.push("lost"), refused: () => said.push("refused"), leaving: () => said.push("leaving"),
  }, make);
  return { line: one, places, said };
}

const closed = (): Error => Object.assign(new Error("door"), { status: 403 });

describe("a line to a room", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    vi.stubGlobal("location", { protocol: "https:", host: "besuk.example" });
  });
  afterEach(() => { vi.useRealTimers(); vi.restoreAllMocks(); vi.unstubAllGlobals(); });

  it("is joined, and left at once", async () => {
    const { line: one, places, said } = line(null);
    one.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(said).toEqual(["opened", "admitted", "joined"]);
    one.stop();
    expect(places[0]?.left).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(places).toHaveLength(1);
  });

  it("asks again after pauses that grow, and leaves each room before the next", async () => {
    const { line: one, places, said } = line(closed(), new Error("network"), null);
    one.start();
    await vi.advanceTimersByTimeAsync(400);
    expect(places.map((place) => place.left)).toEqual([true, false]);
    await vi.advanceTimersByTimeAsync(700);
    expect(places).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(100);
    expect(places).toHaveLength(3);
    expect(said.filter((word) => word !== "opened" && word !== "leaving")).toEqual(["refused", "lost", "admitted", "joined"]);
  });

  it("begins with the short pause once it was in again", async () => {
    const { line: one, places } = line(new Error("network"), new Error("network"), null);
    one.start();
    await vi.advanceTimersByTimeAsync(1200);
    places[2]?.say(RoomEvent.Disconnected);
    await vi.advanceTimersByTimeAsync(400);
    expect(places).toHaveLength(4);
  });

  it("gives whoever took its place time", async () => {
    const { line: one, places } = line(null);
    one.start();
    await vi.advanceTimersByTimeAsync(0);
    places[0]?.say(RoomEvent.Disconnected, DisconnectReason.DUPLICATE_IDENTITY);
    await vi.advanceTimersByTimeAsync(2400);
    expect(places).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(places).toHaveLength(2);
  });

  it("hears nothing more from a room it has left", async () => {
    const { line: one, places, said } = line(null, null);
    one.start();
    await vi.advanceTimersByTimeAsync(0);
    const late = places[0]?.listeners.get(RoomEvent.Disconnected);
    one.again();
    await vi.advanceTimersByTimeAsync(0);
    said.length = 0;
    late?.();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(said).toEqual([]);
    expect(places).toHaveLength(2);
  });
});
