import { describe, expect, it } from "vitest";
import { localVoice, readAloud, type Voices } from "./read_aloud";

const ID = { lang: "id-ID", localService: true } as SpeechSynthesisVoice;
const EN = { lang: "en-US", localService: true } as SpeechSynthesisVoice;
const AFAR = { lang: "id-ID", localService: false } as SpeechSynthesisVoice;

class Mouth implements Voices {
  said: string[] = [];
  voice: SpeechSynthesisVoice | null = null;
  cancelled = 0;
  constructor(private readonly voices: SpeechSynthesisVoice[]) {}
  getVoices(): SpeechSynthesisVoice[] { return this.voices; }
  cancel(): void { this.cancelled += 1; this.said = []; }
  speak(what: SpeechSynthesisUtterance): void { this.said.push(what.text); this.voice = what.voice; }
}

const make = (text: string): SpeechSynthesisUtterance => ({ text }) as SpeechSynthesisUtterance;

describe("reading the rules aloud", () => {
  it("takes a voice of the page's language that needs no network", () => {
    expect(localVoice([EN, AFAR, ID], "id")).toBe(2);
    expect(localVoice([EN, AFAR], "id")).toBeNull();
    expect(localVoice([EN], "en-GB")).toBe(0);
  });

  it("says every sentence in order, and begins anew when asked again", () => {
    const mouth = new Mouth([EN, ID]);
    expect(readAloud(mouth, ["satu", "dua"], "id", make)).toBe(true);
    expect(readAloud(mouth, ["satu", "dua"], "id", make)).toBe(true);
    expect([mouth.said, mouth.cancelled, mouth.voice]).toEqual([["satu", "dua"], 2, ID]);
  });

  it("says nothing in a foreign voice", () => {
    const mouth = new Mouth([EN, AFAR]);
    expect(readAloud(mouth, ["satu"], "id", make)).toBe(false);
    expect(mouth.said).toEqual([]);
  });
});
