// How we capture and publish. The layers are ours, not the library's: measured on weak links (design: media.md).

import { LocalVideoTrack, Track, VideoPreset, type TrackPublishOptions } from "livekit-client";
import type { DataMode, Profile } from "./engine";

const AUDIO_BITS = { normal: 24_000, low: 20_000, audio: 24_000 };

/**
 * livekit-client gives a camera of 640 two layers and one of 320 a single one, by its size alone. Ours are small on
 * purpose, so the track claims to be half as large again: 640x480 then gets three layers, 320x240 two.
 */
const CLAIM = 1.5;

const claimed = (width: number, height: number, bits: number, fps: number): VideoPreset =>
  new VideoPreset(width * CLAIM, height * CLAIM, bits, fps);

const LOW = claimed(160, 120, 40_000, 8);
const MEDIUM = claimed(320, 240, 120_000, 15);

/** A camera whose size the library reads as larger than it is; see CLAIM. */
export class LayeredCamera extends LocalVideoTrack {
  override get dimensions(): Track.Dimensions | undefined {
    const real = super.dimensions;
    return real === undefined ? undefined : { width: real.width * CLAIM, height: real.height * CLAIM };
  }
}

export function publishVideo(profile: Profile, mode: DataMode): TrackPublishOptions {
  const shared = { source: Track.Source.Camera, videoCodec: "vp8", backupCodec: false } as const;
  if (mode === "low") return { ...shared, simulcast: false, videoEncoding: LOW.encoding };
  if (profile === "station") {
    return { ...shared, simulcast: true, videoSimulcastLayers: [LOW, MEDIUM], videoEncoding: { maxBitrate: 600_000, maxFramerate: 20 } };
  }
  return { ...shared, simulcast: true, videoSimulcastLayers: [LOW], videoEncoding: MEDIUM.encoding };
}

/** Redundant audio costs as much again: on where the line can carry it, off in low mode. */
export function publishAudio(mode: DataMode): TrackPublishOptions {
  return { source: Track.Source.Microphone, dtx: true, red: mode !== "low", audioPreset: { maxBitrate: AUDIO_BITS[mode] } };
}
