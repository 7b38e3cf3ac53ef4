import { describe, expect, it } from "vitest";

import { untried } from "./findings";

describe("what is still to be tried before the result can be saved", () => {
  it("names all three at first, in the order they stand on the page", () => {
    expect(untried({})).toEqual(["camera", "microphone", "speaker"]);
  });

  it("names what is left, whatever the others found", () => {
    expect(untried({ camera: "bad", microphone: "good" })).toEqual(["speaker"]);
  });

  it("does not wait for the line", () => {
    expect(untried({ camera: "good", microphone: "good", speaker: "weak" })).toEqual([]);
    expect(untried({ connection: "good" })).toHaveLength(3);
  });
});
