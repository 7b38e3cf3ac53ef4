// How we publish. The layers are ours, not the library's: measured on weak links (design: media.md).

import { Track, VideoPreset, type TrackPublishOptions } from "livekit-client";
import type { DataMode, Profile } from "./engine";

const AUDIO_BITS = { normal: 24_000, low: 20_000, audio: 24_000 };

/**
 * Browsers give a small capture fewer layers (two from 480 wide, three from 960), whatever is asked. So we capture
 * half as large again as we send, and `shrinkTop` makes the top layer smaller.
 */
const LOW = new VideoPreset(160, 120, 40_000, 8);
const MEDIUM = new VideoPreset(320, 240, 120_000, 15);
const HIGH = new VideoPreset(640, 480, 600_000, 20);
const THREE_LAYERS_FROM = 960;

export function publishVideo(profile: Profile, mode: DataMode, camera: MediaStreamTrack): TrackPublishOptions {
  const shared = { source: Track.Source.Camera, videoCodec: "vp8", backupCodec: false } as const;
  if (mode === "low") return { ...shared, simulcast: false, videoEncoding: LOW.encoding };
  const layers = profile === "station" && longSide(camera) >= THREE_LAYERS_FROM ? [LOW, MEDIUM] : [LOW];
  return { ...shared, simulcast: true, videoSimulcastLayers: layers, videoEncoding: topOf(layers.length + 1).encoding };
}

/** Makes the largest of several layers as small as it was meant; a single layer is left as it is. */
export async function shrinkTop(sender: RTCRtpSender | undefined, camera: MediaStreamTrack): Promise<void> {
  const parameters = sender?.getParameters();
  const layers = parameters?.encodings ?? [];
  const top = layers.at(-1);
  if (sender === undefined || parameters === undefined || top === undefined || layers.length < 2) return;
  top.scaleResolutionDownBy = Math.max(1, longSide(camera) / topOf(layers.length).width);
  await sender.setParameters(parameters);
}

function topOf(layers: number): VideoPreset {
  return layers >= 3 ? HIGH : MEDIUM;
}

/** A phone held upright has its long side standing. */
function longSide(camera: MediaStreamTrack): number {
  const { width = 0, height = 0 } = camera.getSettings();
  return Math.max(width, height);
}

/** Redundant audio costs as much again: on where the line can carry it, off in low mode. */
export function publishAudio(mode: DataMode): TrackPublishOptions {
  return { source: Track.Source.Microphone, dtx: true, red: mode !== "low", audioPreset: { maxBitrate: AUDIO_BITS[mode] } };
}
