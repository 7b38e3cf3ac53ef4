// Reads what we need out of a WebRTC statistics report. Pure, so that a test can hand it any report.

import { NO_END, type Counted, type EndSample, type Sample, type StreamCount } from "./engine";
import type { Role } from "./messages";

type Entry = Readonly<Record<string, unknown>>;

/** Which end a received media track belongs to, by the browser's track id. */
export type Owners = ReadonlyMap<string, Role>;

export function readSample(report: Iterable<unknown>, owners: Owners, at: number, connection: number): Sample {
  const entries = [...report].filter((each): each is Entry => typeof each === "object" && each !== null);
  const pair = selectedPair(entries);
  return {
    at,
    connection,
    rtt_ms: pair === undefined ? null : seconds(pair["currentRoundTripTime"]),
    counts: countsOf(entries, pair, owners, connection),
    transport: count(pair, "bytesReceived") + count(pair, "packetsReceived") + count(pair, "responsesReceived") + receivedPackets(entries),
    sendLoss: worstSendLoss(entries),
    ends: { visitor: endOf(entries, owners, "visitor"), inmate: endOf(entries, owners, "inmate") },
  };
}

function endOf(entries: Entry[], owners: Owners, role: Role): EndSample {
  const mine = entries.filter((each) => each["type"] === "inbound-rtp" && owners.get(String(each["trackIdentifier"])) === role);
  return mine.reduce<EndSample>((end, each) => (each["kind"] === "audio" ? withAudio(end, each) : withVideo(end, each)), NO_END);
}

function withAudio(end: EndSample, entry: Entry): EndSample {
  return {
    ...end,
    audioPackets: end.audioPackets + count(entry, "packetsReceived"),
    audioLost: end.audioLost + Math.max(0, count(entry, "packetsLost")),
    samples: end.samples + count(entry, "totalSamplesReceived"),
    // silence that was filled with silence is nothing a person hears
    concealed: end.concealed + Math.max(0, count(entry, "concealedSamples") - count(entry, "silentConcealedSamples")),
    jitter_ms: seconds(entry["jitter"]),
    level: louder(end.level, number(entry["audioLevel"])),
  };
}

function withVideo(end: EndSample, entry: Entry): EndSample {
  return {
    ...end,
    frames: end.frames + count(entry, "framesDecoded"),
    fps: number(entry["framesPerSecond"]),
    width: number(entry["frameWidth"]),
    height: number(entry["frameHeight"]),
  };
}

/** The louder of two levels, of which either may be unknown. */
export function louder(one: number | null, other: number | null): number | null {
  return one === null || other === null ? one ?? other : Math.max(one, other);
}

function selectedPair(entries: Entry[]): Entry | undefined {
  const transport = entries.find((each) => each["type"] === "transport" && each["selectedCandidatePairId"] !== undefined);
  const pairs = entries.filter((each) => each["type"] === "candidate-pair");
  return pairs.find((each) => each["id"] === transport?.["selectedCandidatePairId"])
    // Firefox has no transport entry but marks the pair itself
    ?? pairs.find((each) => each["selected"] === true || (each["nominated"] === true && each["state"] === "succeeded"));
}

function receivedPackets(entries: Entry[]): number {
  return entries.filter((each) => each["type"] === "inbound-rtp").reduce((sum, each) => sum + count(each, "packetsReceived"), 0);
}

function countsOf(entries: Entry[], pair: Entry | undefined, owners: Owners, connection: number): StreamCount[] {
  const streams = entries.map((each) => streamCount(each, owners)).filter((each): each is StreamCount => each !== null);
  // the pair changes with the way the packets take; its bytes count on, as those of another stream
  if (pair !== undefined) streams.push({ what: "bytes", stream: String(pair["id"]), value: count(pair, "bytesSent") + count(pair, "bytesReceived") });
  return streams.map((each) => ({ ...each, stream: `${connection}/${each.stream}` }));
}

function streamCount(entry: Entry, owners: Owners): StreamCount | null {
  const stream = String(entry["id"]);
  const isAudio = entry["kind"] === "audio";
  if (entry["type"] === "outbound-rtp") {
    return { what: isAudio ? "sentAudio" : "sentVideo", stream, value: count(entry, isAudio ? "packetsSent" : "framesSent") };
  }
  const owner = entry["type"] === "inbound-rtp" ? owners.get(String(entry["trackIdentifier"])) : undefined;
  if (owner === undefined) return null;
  const what: Counted = isAudio ? `${owner}Audio` : `${owner}Frames`;
  return { what, stream, value: count(entry, isAudio ? "packetsReceived" : "framesDecoded") };
}

function worstSendLoss(entries: Entry[]): number | null {
  const losses = entries.filter((each) => each["type"] === "remote-inbound-rtp").map((each) => number(each["fractionLost"]));
  const known = losses.filter((each): each is number => each !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function seconds(value: unknown): number | null {
  const read = number(value);
  return read === null ? null : Math.round(read * 1000);
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function count(entry: Entry | undefined, name: string): number {
  return number(entry?.[name]) ?? 0;
}
