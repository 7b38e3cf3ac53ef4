import { describe, expect, test } from "vitest";
import { Acts } from "./acts";

interface Call { url: string; init: RequestInit }

function site(...answers: (Response | Error)[]): { acts: Acts; calls: Call[] } {
  const calls: Call[] = [];
  const fetcher = async (url: string, init: RequestInit): Promise<Response> => {
    calls.push({ url, init });
    const answer = answers.shift() ?? new Error("no more answers");
    if (answer instanceof Error) throw answer;
    return answer;
  };
  let keys = 0;
  return { calls, acts: new Acts("/wall/calls/{ref}/{act}", "token", fetcher, () => `key-${(keys += 1)}`) };
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
    expect(await acts.send("c-1", "end")).toEqual({ ok: false, recorded: true, refusals: [refusal] });
  });

  test("whose answer got lost is sent once more with the same key", async () => {
    const { acts, calls } = site(new Error("network"), json({ ok: true }));
    expect(await acts.send("c-1", "pause")).toEqual({ ok: true, recorded: true, refusals: [] });
    expect(calls.map((each) => JSON.parse(String(each.init.body)).key)).toEqual(["key-1", "key-1"]);
  });

  test("without any answer is neither done nor refused", async () => {
    const { acts } = site(new Error("network"), new Response("<html>", { status: 502 }));
    expect(await acts.send("c-1", "pause")).toBeNull();
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
