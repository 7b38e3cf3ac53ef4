import { describe, expect, test, vi } from "vitest";
import type { WallMessage } from "../call/messages";
import { Acts } from "./acts";

interface Call { url: string; init: RequestInit }

function site(...answers: (Response | Error)[]): { acts: Acts; calls: Call[]; said: WallMessage[] } {
  const calls: Call[] = [], said: WallMessage[] = [];
  const fetcher = async (url: string, init: RequestInit): Promise<Response> => {
    calls.push({ url, init });
    const answer = answers.shift() ?? new Error("no more answers");
    if (answer instanceof Error) throw answer;
    return answer;
  };
  let keys = 0;
  const say = (message: WallMessage): boolean => { said.push(message); return true; };
  return { calls, said, acts: new Acts("/wall/calls/{ref}/{act}", "token", say, fetcher, () => `key-${(keys += 1)}`) };
}

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status });
}

describe("an act", () => {
  test("is posted to its call with a key and the token against forgery", async () => {
    const { acts, calls } = site(json({ ok: true }));
    expect(await acts.send("c/1", "warn", { code: "NO_RECORDING", formal: false })).toEqual({ ok: true, recorded: true, refusals: [] });
    expect(calls[0]?.url).toBe("/wall/calls/c%2F1/warn");
    expect(calls[0]?.init).toMatchObject({ method: "POST", headers: { "X-CSRFToken": "token" } });
    expect(JSON.parse(String(calls[0]?.init.body))).toEqual({ key: "key-1", code: "NO_RECORDING", formal: false });
  });

  test("that was refused brings the sentences", async () => {
    const refusal = { code: "NOT_WATCHING", sentence: "Anda tidak mengawasi", next: "Tekan Awasi" };
    const { acts } = site(json({ ok: false, refusals: [refusal] }, 409));
    expect(await acts.send("c-1", "resume")).toEqual({ ok: false, recorded: true, refusals: [refusal] });
  });

  test("whose answer got lost is sent once more with the same key", async () => {
    const { acts, calls } = site(new Error("network"), json({ ok: true }));
    expect(await acts.send("c-1", "pause")).toEqual({ ok: true, recorded: true, refusals: [] });
    expect(calls.map((each) => JSON.parse(String(each.init.body)).key)).toEqual(["key-1", "key-1"]);
  });

  test("without any answer is neither done nor refused", async () => {
    const { acts } = site(new Error("network"), new Response("<html>", { status: 502 }));
    expect(await acts.send("c-1", "note")).toBeNull();
  });

  test("that closes goes over the line as well, with the same key", async () => {
    const { acts, calls, said } = site(json({ ok: true }));
    await acts.send("c-1", "pause", { reason: "rules" });
    expect(said).toEqual([{ t: "act", act: "pause", call: "c-1", body: { key: "key-1", reason: "rules" } }]);
    expect(JSON.parse(String(calls[0]?.init.body))).toEqual({ key: "key-1", reason: "rules" });
  });

  test("that opens or writes goes one way only", async () => {
    const { acts, said } = site(json({ ok: true }), json({ ok: true }));
    await acts.send("c-1", "resume");
    await acts.send("c-1", "note", { text: "x" });
    expect(said).toEqual([]);
  });

  test("that closes is done when the line says so, though the address is dead", async () => {
    const { acts } = site(new Error("network"), new Error("network"));
    const sent = acts.send("c-1", "end");
    acts.acted({ t: "acted", key: "another", ok: true });
    acts.acted({ t: "acted", key: "key-1", ok: true, recorded: false });
    expect(await sent).toEqual({ ok: true, recorded: false, refusals: [] });
  });

  test("that closes and is refused both ways brings the sentences", async () => {
    const refusal = { code: "NOT_WATCHING", sentence: "Anda tidak mengawasi", next: "Tekan Awasi" };
    const { acts } = site(json({ ok: false, refusals: [refusal] }, 409));
    const sent = acts.send("c-1", "end");
    acts.acted({ t: "acted", key: "key-1", ok: false, refusals: [refusal] });
    expect(await sent).toEqual({ ok: false, recorded: true, refusals: [refusal] });
  });

  test("that closes, with no answer either way, is neither done nor refused", async () => {
    vi.useFakeTimers();
    const { acts } = site(new Error("network"), new Error("network"));
    const sent = acts.send("c-1", "pause");
    await vi.advanceTimersByTimeAsync(6000);
    expect(await sent).toBeNull();
    vi.useRealTimers();
  });

  test("said twice on purpose has two keys", async () => {
    const { acts, calls } = site(json({ ok: true }), json({ ok: true }));
    await acts.send("c-1", "note");
    await acts.send("c-1", "note");
    expect(calls.map((each) => JSON.parse(String(each.init.body)).key)).toEqual(["key-1", "key-2"]);
  });

  test("that is done but not on record yet says so", async () => {
    const { acts } = site(json({ ok: true, confirmed: true, recorded: false }));
    expect(await acts.send("c-1", "pause", { reason: "rules" })).toEqual({ ok: true, recorded: false, refusals: [] });
  });
});
