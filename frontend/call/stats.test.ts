import { describe, expect, test } from "vitest";
import { louder, readSample } from "./stats";

const report = [
  { type: "transport", id: "T", selectedCandidatePairId: "P2" },
  { type: "candidate-pair", id: "P1", bytesReceived: 999, currentRoundTripTime: 9 },
  { type: "candidate-pair", id: "P2", bytesReceived: 100, bytesSent: 50, packetsReceived: 3, responsesReceived: 2, currentRoundTripTime: 0.0425 },
  { type: "inbound-rtp", id: "IA", kind: "audio", trackIdentifier: "a", packetsReceived: 40, packetsLost: -1, totalSamplesReceived: 960, concealedSamples: 100, silentConcealedSamples: 60, jitter: 0.012, audioLevel: 0.25 },
  { type: "inbound-rtp", id: "IB", kind: "video", trackIdentifier: "b", packetsReceived: 7, framesDecoded: 12, framesPerSecond: 14, frameWidth: 320, frameHeight: 240 },
  { type: "inbound-rtp", id: "IC", kind: "video", trackIdentifier: "c", packetsReceived: 5, framesDecoded: 8 },
  { type: "inbound-rtp", id: "ID", kind: "video", trackIdentifier: "nobody's", packetsReceived: 0, framesDecoded: 99 },
  { type: "outbound-rtp", id: "OQ", kind: "video", rid: "q", framesSent: 4 },
  { type: "outbound-rtp", id: "OH", kind: "video", rid: "h", framesSent: 6 },
  { type: "outbound-rtp", id: "OA", kind: "audio", packetsSent: 30 },
  { type: "remote-inbound-rtp", fractionLost: 0.25 },
  { type: "remote-inbound-rtp", fractionLost: 0.1 },
  { type: "media-playout" },
];

const owners = new Map([["a", "inmate"], ["b", "inmate"], ["c", "visitor"]] as const);

describe("a statistics report", () => {
  const read = readSample(report, owners, 5000, 3);

  test("gives each end its own audio and frames", () => {
    expect(read.ends.inmate).toMatchObject({ audioPackets: 40, frames: 12, fps: 14, width: 320, height: 240, jitter_ms: 12 });
    expect(read.ends.visitor).toMatchObject({ audioPackets: 0, frames: 8 });
  });

  test("says how loud each end is, and nothing where it does not know", () => {
    expect([read.ends.inmate.level, read.ends.visitor.level]).toEqual([0.25, null]);
    expect([louder(null, 0.1), louder(0.2, null), louder(0.2, 0.1), louder(null, null)]).toEqual([0.1, 0.2, 0.2, null]);
  });

  test("counts only concealment that is heard, and no negative loss", () => {
    expect(read.ends.inmate).toMatchObject({ concealed: 40, samples: 960, audioLost: 0 });
  });

  test("reads the chosen pair, not another", () => {
    expect(read.rtt_ms).toBe(43);
    expect(read.counts).toContainEqual({ what: "bytes", stream: "3/P2", value: 150 });
    expect(read.transport).toBe(100 + 3 + 2 + 40 + 7 + 5);
  });

  test("counts every stream by itself, those of strangers not at all", () => {
    expect(read.counts).toEqual([
      { what: "inmateAudio", stream: "3/IA", value: 40 },
      { what: "inmateFrames", stream: "3/IB", value: 12 },
      { what: "visitorFrames", stream: "3/IC", value: 8 },
      { what: "sentVideo", stream: "3/OQ", value: 4 },
      { what: "sentVideo", stream: "3/OH", value: 6 },
      { what: "sentAudio", stream: "3/OA", value: 30 },
      { what: "bytes", stream: "3/P2", value: 150 },
    ]);
  });

  test("takes the worst loss", () => {
    expect(read.sendLoss).toBe(0.25);
  });

  test("of a line not yet chosen has no round trip, and of nothing has zeros", () => {
    expect(readSample([], owners, 0, 1)).toMatchObject({ rtt_ms: null, sendLoss: null, counts: [], transport: 0 });
  });

  test("finds the chosen pair without a transport entry, as in Firefox", () => {
    const firefox = [{ type: "candidate-pair", id: "x", state: "succeeded", nominated: true, selected: true, bytesReceived: 8 }];
    expect(readSample(firefox, owners, 0, 1).transport).toBe(8);
  });
});
