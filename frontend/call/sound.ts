// Two short tones for a warning, one for a reminder, and the sound test. Made here: no file to load.

let context: AudioContext | null = null;

/** Call from a tap, so that later tones are allowed to sound. */
export async function unlockSound(): Promise<void> {
  context ??= new AudioContext();
  if (context.state === "suspended") await context.resume().catch(() => undefined);
}

export type Tone = readonly { hertz: number; at: number; length: number }[];

export const WARNING: Tone = [{ hertz: 880, at: 0, length: 0.18 }, { hertz: 660, at: 0.22, length: 0.28 }];
export const REMINDER: Tone = [{ hertz: 660, at: 0, length: 0.25 }];
export const TEST: Tone = [{ hertz: 523, at: 0, length: 0.25 }, { hertz: 659, at: 0.28, length: 0.25 }, { hertz: 784, at: 0.56, length: 0.4 }];

/** Plays if the browser lets us; a refused tone is no error, the words are on screen. */
export async function play(tone: Tone): Promise<boolean> {
  await unlockSound();
  const at = context;
  if (at === null || at.state !== "running") return false;
  tone.forEach((each) => ring(at, each.hertz, at.currentTime + each.at, each.length));
  return true;
}

function ring(at: AudioContext, hertz: number, start: number, length: number): void {
  const source = at.createOscillator();
  const volume = at.createGain();
  source.frequency.value = hertz;
  // a soft edge, so that it does not click
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.22, start + 0.02);
  volume.gain.setTargetAtTime(0, start + length - 0.06, 0.03);
  source.connect(volume).connect(at.destination);
  source.start(start);
  source.stop(start + length + 0.2);
}
