import { describe, expect, it } from "vitest";
import { VoiceEar } from "./voice";

function ear(): { ear: VoiceEar; did: string[] } {
  const did: string[] = [];
  return { did, ear: new VoiceEar((door) => ({ start: () => did.push(`start ${door}`), stop: () => did.push(`stop ${door}`) })) };
}

describe("hearing an officer", () => {
  it("joins once while somebody speaks and leaves when nobody does", () => {
    const { ear: one, did } = ear();
    for (const door of [null, "/door/v-1/voice", "/door/v-1/voice", null, null]) one.follow(door);
    expect(did).toEqual(["start /door/v-1/voice", "stop /door/v-1/voice"]);
  });
});
