// The rules read out by the computer itself: only with a voice that is installed here, in the page's language.

export interface Voices {
  getVoices(): SpeechSynthesisVoice[];
  cancel(): void;
  speak(what: SpeechSynthesisUtterance): void;
}

/** A voice that needs no network; null when this computer has none for the language. */
export function localVoice(voices: readonly Pick<SpeechSynthesisVoice, "lang" | "localService">[], language: string): number | null {
  const wanted = language.slice(0, 2).toLowerCase();
  const found = voices.findIndex((each) => each.localService && each.lang.toLowerCase().startsWith(wanted));
  return found < 0 ? null : found;
}

/** Speaks the sentences one after the other; a second call begins anew. False when there is no voice. */
export function readAloud(
  speech: Voices,
  sentences: readonly string[],
  language: string,
  make: (text: string) => SpeechSynthesisUtterance = (text) => new SpeechSynthesisUtterance(text),
): boolean {
  const voices = speech.getVoices();
  const chosen = localVoice(voices, language);
  if (chosen === null) return false;
  speech.cancel();
  for (const sentence of sentences) {
    const said = make(sentence);
    said.voice = voices[chosen] ?? null;
    said.lang = language;
    said.rate = 0.9;
    speech.speak(said);
  }
  return true;
}
