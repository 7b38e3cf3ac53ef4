import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { askEarly, takeEarly } from "./early";

const asked = vi.fn();

beforeEach(() => {
  asked.mockReset().mockResolvedValue({ getAudioTracks: () => [], getVideoTracks: () => [] });
  vi.stubGlobal("isSecureContext", true);
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia: asked } });
});

afterEach(() => vi.unstubAllGlobals());

test("people are asked once, although two scripts want the devices", async () => {
  const holder = {};
  askEarly("phone", holder);
  expect((await takeEarly("phone", holder)).devices).toBe("ready");
  expect(asked).toHaveBeenCalledTimes(1);
});

test("after a refusal the second try asks anew", async () => {
  const holder = {};
  asked.mockRejectedValueOnce(new DOMException("no", "NotAllowedError"));
  askEarly("phone", holder);
  expect((await takeEarly("phone", holder)).devices).toBe("refused");
  expect((await takeEarly("phone", holder)).devices).toBe("ready");
  expect(asked).toHaveBeenCalledTimes(2);
});

test("without the early script the call asks itself", async () => {
  await takeEarly("station", {});
  expect(asked).toHaveBeenCalledTimes(1);
});
