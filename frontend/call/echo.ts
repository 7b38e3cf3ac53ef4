// The line between this page and the site, by a socket that sends back what it gets.

export interface LineResult { ok: boolean; rtt_ms: number | null; kbit_s: number | null }

const PINGS = 5;
const BULK = 96 * 1024;
const PATIENCE = 8000;

/** Round trip of small messages, then the speed of a larger one there and back. Never throws. */
export async function measureLine(url: string): Promise<LineResult> {
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  try {
    await within(PATIENCE, opened(socket));
    const trips: number[] = [];
    for (let index = 0; index < PINGS; index += 1) trips.push(await within(PATIENCE, trip(socket, "x".repeat(32))));
    const bulk = await within(PATIENCE, trip(socket, "x".repeat(BULK)));
    const rtt = median(trips);
    return { ok: true, rtt_ms: Math.round(rtt), kbit_s: Math.round((2 * BULK * 8) / Math.max(1, bulk - rtt)) };
  } catch {
    return { ok: false, rtt_ms: null, kbit_s: null };
  } finally {
    socket.close();
  }
}

/** good: pictures and sound. weak: small pictures. bad: perhaps sound only. kbit/s are those of one way and back. */
export function verdictOf(line: LineResult): "good" | "weak" | "bad" {
  if (!line.ok || line.kbit_s === null || line.rtt_ms === null) return "bad";
  if (line.kbit_s < 150 || line.rtt_ms > 1500) return "bad";
  return line.kbit_s < 600 || line.rtt_ms > 500 ? "weak" : "good";
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.addEventListener("open", () => resolve(), { once: true });
    socket.addEventListener("close", () => reject(new Error("closed")), { once: true });
  });
}

function trip(socket: WebSocket, text: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    socket.addEventListener("message", () => resolve(performance.now() - start), { once: true });
    socket.addEventListener("close", () => reject(new Error("closed")), { once: true });
    socket.send(text);
  });
}

function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  return Promise.race([work, new Promise<T>((_resolve, reject) => setTimeout(() => reject(new Error("too slow")), milliseconds))]);
}
