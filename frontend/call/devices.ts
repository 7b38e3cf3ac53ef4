// Camera and microphone, and in which way they can be missing.

import type { LocalMedia, Profile } from "./engine";
import { CAPTURE_AUDIO, captureOf } from "./capture";
import type { Devices } from "./machine";

export interface Acquired { media: LocalMedia; devices: Devices }

const NONE: LocalMedia = { audio: null, video: null };

/** Asks once for both, so that a phone shows one question. */
export async function acquire(profile: Profile): Promise<Acquired> {
  if (!globalThis.isSecureContext || navigator.mediaDevices === undefined) return { media: NONE, devices: "insecure" };
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: CAPTURE_AUDIO, video: captureOf(profile, "normal") });
    return { media: { audio: stream.getAudioTracks()[0] ?? null, video: stream.getVideoTracks()[0] ?? null }, devices: "ready" };
  } catch (error) {
    return { media: NONE, devices: reasonOf(error) };
  }
}

export function reasonOf(error: unknown): Devices {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "missing";
  if (name === "NotReadableError" || name === "AbortError") return "busy";
  return "refused";
}

export function stopAll(media: LocalMedia): void {
  media.audio?.stop();
  media.video?.stop();
}
