// What we ask of camera and microphone. Apart from layers.ts, so that light pages do not load the media library.

import type { DataMode, Profile } from "./engine";

/** Half as large again as the largest layer sent: see layers.ts. */
export function captureOf(profile: Profile, mode: DataMode): MediaTrackConstraints {
  if (mode === "low") return sized(160, 120, 8);
  return profile === "station" ? sized(960, 720, 20) : sized(480, 360, 15);
}

function sized(width: number, height: number, fps: number): MediaTrackConstraints {
  return { width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: fps, max: fps }, facingMode: "user" };
}

export const CAPTURE_AUDIO: MediaTrackConstraints = {
  echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1,
};
