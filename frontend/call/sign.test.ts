import { createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { SignMessage } from "./messages";
import { browserVerifier, signatureOf, SignWatch, STALE_AFTER, type Verify } from "./sign";

const server = generateKeyPairSync("ec", { namedCurve: "P-256" });
const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" });

function word(n: number, until: number, change: { call?: string; key?: KeyObject; der?: boolean } = {}): SignMessage {
  const call = change.call ?? "c-1";
  const sign = createSign("SHA256").update(`${call}|${n}|${until}`);
  const dsaEncoding = change.der === true ? "der" : "ieee-p1363";
  const sig = sign.sign({ key: change.key ?? server.privateKey, dsaEncoding }).toString("base64url");
  return { t: "sign", call, n, until, sig };
}

async function verifier(): Promise<Verify> {
  const verify = await browserVerifier(server.publicKey.export({ format: "jwk" }));
  if (verify === null) throw new Error("WebCrypto is missing");
  return verify;
}

async function watch(): Promise<SignWatch> {
  return new SignWatch("c-1", await verifier(), 0);
}

describe("a signed word", () => {
  test("keeps the station fresh for five seconds", async () => {
    const signs = await watch();
    expect(await signs.hear(word(1, 10_000), 3000)).toBe(true);
    expect(signs.isFresh(3000 + STALE_AFTER - 1)).toBe(true);
    expect(signs.isFresh(3000 + STALE_AFTER)).toBe(false);
  });

  test("counts in both usual encodings", async () => {
    const signs = await watch();
    for (let n = 1; n <= 40; n += 1) {
      expect(await signs.hear(word(n, 10_000 + n, { der: true }), n)).toBe(true);
    }
  });

  test("of a stranger's key is refused", async () => {
    expect(await (await watch()).hear(word(1, 10_000, { key: stranger.privateKey }), 0)).toBe(false);
  });

  test("for another call is refused", async () => {
    expect(await (await watch()).hear(word(1, 10_000, { call: "c-2" }), 0)).toBe(false);
  });

  test("with a changed number is refused", async () => {
    expect(await (await watch()).hear({ ...word(1, 10_000), n: 2 }, 0)).toBe(false);
    expect(await (await watch()).hear({ ...word(1, 10_000), until: 99_000 }, 0)).toBe(false);
  });

  test("that is no signature at all is refused", async () => {
    expect(await (await watch()).hear({ ...word(1, 10_000), sig: "%%%" }, 0)).toBe(false);
    expect(await (await watch()).hear({ ...word(1, 10_000), sig: "AAAA" }, 0)).toBe(false);
  });
});

describe("an old word", () => {
  test("does not count a second time", async () => {
    const signs = await watch();
    const first = word(1, 10_000);
    expect(await signs.hear(first, 0)).toBe(true);
    expect(await signs.hear(first, 1000)).toBe(false);
  });

  test("does not count with a greater number but no later time", async () => {
    const signs = await watch();
    await signs.hear(word(1, 10_000), 0);
    expect(await signs.hear(word(2, 10_000), 1000)).toBe(false);
  });

  test("held back for more than five seconds does not count", async () => {
    const signs = await watch();
    await signs.hear(word(1, 10_000), 0);
    expect(await signs.hear(word(2, 11_000), 5900)).toBe(true);
    expect(await signs.hear(word(3, 12_000), 7100)).toBe(false);
    expect(await signs.hear(word(9, 18_000), 8000)).toBe(true);
  });
});

test("a station that never heard a word stops after five seconds", async () => {
  const signs = await watch();
  expect(signs.isFresh(4999)).toBe(true);
  expect(signs.isFresh(5000)).toBe(false);
});

test("a DER signature whose parts do not add up is refused", () => {
  const der = Buffer.from(word(1, 1, { der: true }).sig, "base64url");
  expect(signatureOf(der.toString("base64url"))).toHaveLength(64);
  expect(signatureOf(der.subarray(0, der.length - 1).toString("base64url"))).toBeNull();
  der[3] = 60;
  expect(signatureOf(der.toString("base64url"))).toBeNull();
});
