// The station's own guard: it sends and plays only while it holds a fresh, signed word that somebody supervises.
// ECDSA P-256 with SHA-256 over `call|n|until`. A word counts once, only forward, and only for this call.

import type { SignMessage } from "./messages";

/** Without a valid word for this long the station stops. Milliseconds. */
export const STALE_AFTER = 5000;

export type Verify = (text: string, signature: Uint8Array) => Promise<boolean>;

export class SignWatch {
  private n = -1;
  private until = -1;
  /** The earliest the server's clock ran ahead of ours: held-back words show as lag against it. */
  private ahead = Number.NEGATIVE_INFINITY;
  private freshAt: number;

  /** `at` is monotonic milliseconds: the station has STALE_AFTER from its start to hear the first word. */
  constructor(private readonly call: string, private readonly verify: Verify, at: number) {
    this.freshAt = at;
  }

  /** True when the word is valid and newer than all before. */
  async hear(message: SignMessage, at: number): Promise<boolean> {
    if (message.call !== this.call || !this.isNewer(message) || this.lags(message, at)) return false;
    const signature = signatureOf(message.sig);
    if (signature === null) return false;
    const valid = await this.verify(`${message.call}|${message.n}|${message.until}`, signature);
    // two words may be verified at once: the later one wins
    if (!valid || !this.isNewer(message)) return false;
    this.n = message.n;
    this.until = message.until;
    this.ahead = Math.max(this.ahead, message.until - at);
    this.freshAt = at;
    return true;
  }

  isFresh(at: number): boolean {
    return at - this.freshAt < STALE_AFTER;
  }

  private isNewer(message: SignMessage): boolean {
    return Number.isSafeInteger(message.n) && message.n > this.n && message.until > this.until;
  }

  /** A recorded word played later is as old as its `until` says, whatever the clocks' difference. */
  private lags(message: SignMessage, at: number): boolean {
    return this.ahead - (message.until - at) > STALE_AFTER;
  }
}

/** The verifier of the browser; null where WebCrypto is missing (a page without TLS, not on loopback). */
export async function browserVerifier(key: JsonWebKey): Promise<Verify | null> {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) return null;
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const publicKey = await subtle.importKey("jwk", { ...key, key_ops: ["verify"] }, algorithm, false, ["verify"]);
  const encoder = new TextEncoder();
  return (text, signature) =>
    subtle.verify({ name: "ECDSA", hash: "SHA-256" }, publicKey, signature as BufferSource, encoder.encode(text));
}

/** 64 bytes r||s as WebCrypto wants them; DER, as most libraries write it, is turned into that. */
export function signatureOf(text: string): Uint8Array | null {
  const bytes = fromBase64Url(text);
  if (bytes === null) return null;
  return bytes.length === 64 ? bytes : fromDer(bytes);
}

function fromBase64Url(text: string): Uint8Array | null {
  try {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}

function fromDer(bytes: Uint8Array): Uint8Array | null {
  if (bytes[0] !== 0x30 || bytes[2] !== 0x02) return null;
  const first = bytes[3] ?? 0;
  const second = bytes[5 + first] ?? 0;
  if (bytes[4 + first] !== 0x02 || bytes.length !== 6 + first + second) return null;
  const raw = new Uint8Array(64);
  const fits = place(raw, bytes.subarray(4, 4 + first), 32) && place(raw, bytes.subarray(6 + first), 64);
  return fits ? raw : null;
}

/** Puts an integer so that it ends before `end`, without its leading zeros. */
function place(target: Uint8Array, integer: Uint8Array, end: number): boolean {
  const start = integer.findIndex((byte) => byte !== 0);
  const digits = start < 0 ? integer.subarray(0, 0) : integer.subarray(start);
  if (digits.length > 32) return false;
  target.set(digits, end - digits.length);
  return true;
}
