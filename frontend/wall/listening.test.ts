import { beforeEach, expect, test } from "vitest";
import { Listening } from "./listening";

let sent: string[], answers: Map<string, (taken: boolean) => void>, sounds: (string | null)[], listening: Listening;

/** The server answers when the test says so. */
const settle = async (what: string, taken = true) => {
  await Promise.resolve();
  answers.get(what)!(taken);
  for (let n = 0; n < 5; n += 1) await Promise.resolve();
};

beforeEach(() => {
  sent = [];
  sounds = [];
  answers = new Map();
  listening = new Listening({
    send: (ref, act) => {
      sent.push(`${act} ${ref}`);
      return new Promise((done) => answers.set(`${act} ${ref}`, done));
    },
    sound: (ref) => sounds.push(ref),
  });
});

async function hears(ref: string): Promise<void> {
  void listening.toggle(ref);
  await settle(`listen ${ref}`);
}

test("sound waits for the server's yes", async () => {
  void listening.toggle("a");
  await Promise.resolve();
  expect([sent, listening.ref]).toEqual([["listen a"], null]);
  await settle("listen a");
  expect(listening.ref).toBe("a");
});

test("a no brings no sound", async () => {
  void listening.toggle("a");
  await settle("listen a", false);
  expect(listening.ref).toBeNull();
});

test("the next call's sound ends this one's first", async () => {
  await hears("a");
  void listening.toggle("b");
  expect(sounds.at(-1)).toBeNull();
  await settle("unlisten a");
  await settle("listen b");
  expect([sent, listening.ref]).toEqual([["listen a", "unlisten a", "listen b"], "b"]);
});

test("of two quick wishes the second counts, however late the first is answered", async () => {
  void listening.toggle("a");
  void listening.toggle("b");
  await settle("listen b");
  await settle("listen a");
  expect([listening.ref, sounds.filter((ref) => ref !== null)]).toEqual(["b", ["b"]]);
});

test("pressed again it is off", async () => {
  await hears("a");
  void listening.toggle("a");
  await settle("unlisten a");
  expect([sent, listening.ref]).toEqual([["listen a", "unlisten a"], null]);
});

test("who is not told is not heard, but one message on its way does no harm", async () => {
  await hears("a");
  listening.told("a", true, "watching");
  expect(listening.ref).toBe("a");
  listening.told("a", true, "listening");
  listening.told("a", true, "watching");
  expect(listening.ref).toBe("a");
  listening.told("a", true, "none");
  expect(listening.ref).toBeNull();
});

test("without a place, or a tile, there is no sound; other calls mean nothing", async () => {
  await hears("a");
  listening.told("b", false, "none");
  listening.gone("b");
  expect(listening.ref).toBe("a");
  listening.told("a", false, "listening");
  expect(listening.ref).toBeNull();
  void listening.toggle("a");
  listening.gone("a");
  await settle("listen a");
  expect(listening.ref).toBeNull();
});
