// How loud one speaks, 0 to 1, many times a second.

export class Meter {
  private readonly context = new AudioContext();
  private frame = 0;

  constructor(track: MediaStreamTrack, private readonly level: (loudness: number) => void) {
    const analyser = this.context.createAnalyser();
    analyser.fftSize = 1024;
    this.context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const look = (): void => {
      analyser.getFloatTimeDomainData(samples);
      this.level(loudnessOf(samples));
      this.frame = requestAnimationFrame(look);
    };
    look();
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
    void this.context.close();
  }
}

/** -60 dB and less is 0, 0 dB is 1. */
export function loudnessOf(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < samples.length; index += 1) sum += (samples[index] ?? 0) ** 2;
  const decibels = 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-9);
  return Math.min(1, Math.max(0, (decibels + 60) / 60));
}
