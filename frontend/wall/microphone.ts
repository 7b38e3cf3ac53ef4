// The wall's microphone: asked for when somebody wants to speak, given back when they stop.

import { CAPTURE_AUDIO } from "../call/capture";
import type { WallCall } from "../call/messages";
import type { Texts, WallPageData } from "../call/page_data";
import { VoiceLine } from "../call/voice";
import { showIdentitySpeaking } from "./dialogs";
import { Speaking, type Microphone, type SpeakingHooks } from "./speaking";
import { toast } from "./toasts";

export type { Speaking };

async function openMicrophone(call: WallCall, iceServers: RTCIceServer[]): Promise<Microphone | null> {
  if (call.door === null) return null;
  const stream = await navigator.mediaDevices?.getUserMedia({ audio: CAPTURE_AUDIO }).catch(() => null);
  const track = stream?.getAudioTracks()[0];
  if (track === undefined) return null;
  return { line: new VoiceLine(`${call.door}/voice`, iceServers, { speak: track }), close: () => track.stop() };
}

/** Speaking with this computer's microphone; `show` is told at each change which calls are spoken to. */
export function speakingAt(
  data: WallPageData, texts: Texts, send: SpeakingHooks["send"], show: (on: (ref: string) => boolean) => void,
): Speaking {
  const speaking: Speaking = new Speaking({
    open: (call) => openMicrophone(call, data.iceServers),
    send,
    noMicrophone: () => toast(texts("no_microphone"), texts("no_microphone_next"), true),
    changed: () => { show((ref) => speaking.isOn(ref)); showIdentitySpeaking(speaking.isAnywhere); },
  });
  return speaking;
}
