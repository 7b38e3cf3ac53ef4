// What the wall's browser measures of a call's ends, for the task list: light, contrast, movement, sound. No face is
// looked for: a picture becomes 192 grey points, those become three numbers, and no picture is kept or sent.

import type { Sample } from "../call/engine";
import type { Hint, Role } from "../call/messages";

/** Milliseconds between two measurements: the server wants one in five seconds. */
export const MEASURE_EVERY = 2000;
const WIDE = 16;
const HIGH = 12;
const ENDS = ["inmate", "visitor"] as const;

export interface Look { light: number; contrast: number; motion: number | null; points: Uint8Array }

/** Of RGBA pixels: nine of ten points are darker than `light`; `motion` is the mean change since `before`. */
export function lookAt(pixels: ArrayLike<number>, before: Uint8Array | null): Look {
  const points = greyOf(pixels);
  const sorted = [...points].sort((one, other) => one - other);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  return { light: at(0.9), contrast: at(0.9) - at(0.1), motion: before === null ? null : changeOf(points, before), points };
}

function greyOf(pixels: ArrayLike<number>): Uint8Array {
  const points = new Uint8Array(Math.floor(pixels.length / 4));
  for (let point = 0; point < points.length; point += 1) {
    const [red, green, blue] = [0, 1, 2].map((part) => pixels[point * 4 + part] ?? 0);
    points[point] = Math.round(0.299 * (red ?? 0) + 0.587 * (green ?? 0) + 0.114 * (blue ?? 0));
  }
  return points;
}

function changeOf(points: Uint8Array, before: Uint8Array): number {
  const sum = points.reduce((total, value, index) => total + Math.abs(value - (before[index] ?? value)), 0);
  return points.length === 0 ? 0 : sum / points.length;
}

/** Reads a playing video's pixels at 16 by 12; null while it shows nothing. */
export type Reader = (video: HTMLVideoElement) => ArrayLike<number> | null;

export function canvasReader(): Reader {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [WIDE, HIGH];
  const brush = canvas.getContext("2d", { willReadFrequently: true, alpha: false });
  return (video) => {
    if (brush === null || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || video.videoWidth === 0) return null;
    brush.drawImage(video, 0, 0, WIDE, HIGH);
    return brush.getImageData(0, 0, WIDE, HIGH).data;
  };
}

/** The eye and ear of one tile. `sounds` are collected all along, pictures are read when a hint is due. */
export class Eye {
  private readonly before: Record<Role, Uint8Array | null> = { inmate: null, visitor: null };
  private loudest: Record<Role, number | null> = { inmate: null, visitor: null };
  private measuredAt = -Infinity;

  constructor(private readonly read: Reader, private readonly now: () => number = () => performance.now()) {}

  /** The loudest of what came since the last hint. */
  hear(sample: Sample): void {
    for (const role of ENDS) {
      const { level } = sample.ends[role];
      if (level !== null) this.loudest[role] = Math.max(level, this.loudest[role] ?? 0);
    }
  }

  /** What is to be said of both ends; null when it was said a moment ago. `silent`: an end that sends no sound. */
  hints(videoOf: (role: Role) => HTMLVideoElement | null, silent: Record<Role, boolean>): Record<Role, Hint> | null {
    const at = this.now();
    if (at - this.measuredAt < MEASURE_EVERY) return null;
    this.measuredAt = at;
    const said = { inmate: this.hintOf("inmate", videoOf, silent), visitor: this.hintOf("visitor", videoOf, silent) };
    this.loudest = { inmate: null, visitor: null };
    return said;
  }

  private hintOf(role: Role, videoOf: (role: Role) => HTMLVideoElement | null, silent: Record<Role, boolean>): Hint {
    const video = videoOf(role);
    const pixels = video === null ? null : this.read(video);
    const look = pixels === null ? null : lookAt(pixels, this.before[role]);
    this.before[role] = look?.points ?? null;
    const sound = silent[role] ? 0 : this.loudest[role];
    return { light: look?.light ?? null, contrast: look?.contrast ?? null, motion: look?.motion ?? null, sound };
  }
}
