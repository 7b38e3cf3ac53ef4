import { describe, expect, it } from "vitest";
import type { WallCall } from "../call/messages";
import { Speaking } from "./speaking";

const call = (ref: string, speaks: WallCall["speaks"] = ""): WallCall => ({ ref, speaks }) as WallCall;

function desk(answers: { microphone?: boolean; allowed?: boolean } = {}): { speaking: Speaking; did: string[] } {
  const did: string[] = [];
  const speaking = new Speaking({
    open: async (which) => {
      if (answers.microphone === false) return null;
      did.push(`open ${which.ref}`);
      return {
        line: { start: () => did.push(`speak ${which.ref}`), stop: () => did.push(`leave ${which.ref}`) },
        close: () => did.push(`close ${which.ref}`),
      };
    },
    send: async (ref, act) => { did.push(`${act} ${ref} sent`); return answers.allowed !== false; },
    noMicrophone: () => did.push("no microphone"),
    changed: () => undefined,
  });
  return { speaking, did };
}

describe("speaking to a call", () => {
  it("sends only after the server's yes, and is silent before it says that it stops", async () => {
    const { speaking, did } = desk();
    await speaking.toggle(call("a"));
    expect(did).toEqual(["open a", "speak a sent", "speak a"]);
    expect(speaking.isOn("a")).toBe(true);
    did.length = 0;
    await speaking.toggle(call("a", "me"));
    expect(did).toEqual(["leave a", "close a", "hush a sent"]);
    expect(speaking.isOn("a")).toBe(false);
  });

  it("closes the microphone when the server says no", async () => {
    const { speaking, did } = desk({ allowed: false });
    await speaking.toggle(call("a"));
    expect(did).toEqual(["open a", "speak a sent", "close a"]);
    expect(speaking.isOn("a")).toBe(false);
  });

  it("without a microphone asks for nothing", async () => {
    const { speaking, did } = desk({ microphone: false });
    await speaking.toggle(call("a"));
    expect(did).toEqual(["no microphone"]);
  });

  it("speaks to one call at a time", async () => {
    const { speaking, did } = desk();
    await speaking.toggle(call("a"));
    await speaking.toggle(call("b"));
    expect(did.slice(3)).toEqual(["leave a", "close a", "hush a sent", "open b", "speak b sent", "speak b"]);
  });

  it("falls silent when the server, having said that we speak, says so no more", async () => {
    const { speaking, did } = desk();
    await speaking.toggle(call("a"));
    speaking.follow([call("a")]);
    expect(speaking.isOn("a")).toBe(true);
    speaking.follow([call("a", "me")]);
    speaking.follow([call("a")]);
    expect(speaking.isOn("a")).toBe(false);
    expect(did.slice(3)).toEqual(["leave a", "close a"]);
  });

  it("ends what an earlier page of ours left on", () => {
    const { speaking, did } = desk();
    speaking.follow([call("a", "me"), call("b", "other")]);
    expect(did).toEqual(["hush a sent"]);
  });

  it("comes to nothing when it is stopped while the browser still asks for the microphone", async () => {
    const did: string[] = [];
    let allow: () => void = () => undefined;
    const speaking = new Speaking({
      open: () => { did.push("open"); return new Promise((resolve) => { allow = () => resolve({ line: { start: () => did.push("speak"), stop: () => undefined }, close: () => did.push("close") }); }); },
      send: async (_ref, act) => { did.push(act); return true; },
      noMicrophone: () => undefined,
      changed: () => undefined,
    });
    const beginning = speaking.toggle(call("a"));
    while (!did.includes("open")) await Promise.resolve();
    await speaking.stop();
    allow();
    await beginning;
    expect(did).toEqual(["open", "close"]);
    expect(speaking.isAnywhere).toBe(false);
  });

  it("takes its word back when it is stopped while the server still thinks about it", async () => {
    let answer: (allowed: boolean) => void = () => undefined;
    const did: string[] = [];
    const speaking = new Speaking({
      open: async () => ({ line: { start: () => did.push("speak"), stop: () => did.push("leave") }, close: () => did.push("close") }),
      send: (_ref, act) => { did.push(act); return act === "hush" ? Promise.resolve(true) : new Promise((resolve) => { answer = resolve; }); },
      noMicrophone: () => undefined,
      changed: () => undefined,
    });
    const beginning = speaking.toggle(call("a"));
    while (!did.includes("speak")) await Promise.resolve();
    await speaking.stop();
    answer(true);
    await beginning;
    expect(did).toEqual(["speak", "close", "hush"]);
  });

  it("falls silent when the call is not on this wall any more", async () => {
    const { speaking, did } = desk();
    await speaking.toggle(call("a"));
    speaking.follow([]);
    expect(did.slice(3)).toEqual(["leave a", "close a"]);
  });
});
