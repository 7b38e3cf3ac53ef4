// The control socket of a page: says hello, beats every second, comes back by itself with a growing pause.

export interface SocketLike {
  readyState: number;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(data: string): void;
  close(): void;
}

export interface ControlOptions<In, Out> {
  url: string;
  onMessage: (message: In) => void;
  onOpen?: () => void;
  onClose?: () => void;
  /** The server says by its close code that a newer page took this one's place; nothing is retried. */
  onReplaced?: () => void;
  /** What the page sends each second; null while it has nothing to say. */
  beat: (gen: number) => Out | null;
  hello: (gen: number) => Out;
  gen?: number;
  open?: (url: string) => SocketLike;
  /** Milliseconds of silence after which the line counts as dead: the server speaks at least every 5 s. */
  silence?: number;
}

const BEAT_EVERY = 1000;
const WAITS = [250, 500, 1000, 2000, 3000];
const OPEN = 1;
/** Close code of flow/live: this page was opened elsewhere. */
const REPLACED = 4001;

/** Grows from page load to page load, so that the server can tell the newest page from a late old one. */
export function newGeneration(now: number = Date.now(), chance: number = Math.random()): number {
  return now * 1000 + Math.floor(chance * 1000);
}

export function waitBefore(attempt: number, chance: number): number {
  const wait = WAITS[Math.min(attempt, WAITS.length - 1)] ?? 3000;
  return Math.round(wait * (0.75 + chance / 2));
}

export function socketUrl(path: string, place: { protocol: string; host: string } = location): string {
  return `${place.protocol === "https:" ? "wss:" : "ws:"}//${place.host}${path}`;
}

export class Control<In, Out> {
  readonly gen: number;
  private socket: SocketLike | null = null;
  private attempt = 0;
  private stopped = false;
  private beatTimer: ReturnType<typeof setInterval> | undefined;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private silenceTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: ControlOptions<In, Out>) {
    this.gen = options.gen ?? newGeneration();
  }

  start(): void {
    this.beatTimer = setInterval(() => this.beatNow(), BEAT_EVERY);
    this.connect();
  }

  /** Ends for good; nothing is sent or retried any more. */
  stop(): void {
    this.stopped = true;
    clearInterval(this.beatTimer);
    clearTimeout(this.retryTimer);
    clearTimeout(this.silenceTimer);
    this.socket?.close();
  }

  /** Sends now if the line is open, else says false: nothing waits in a queue and arrives stale. */
  send(message: Out): boolean {
    if (this.socket?.readyState !== OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /** Tries at once instead of waiting, for example when the browser says it is online again. */
  retryNow(): void {
    if (this.stopped || this.socket !== null) return;
    clearTimeout(this.retryTimer);
    this.connect();
  }

  private connect(): void {
    const socket = (this.options.open ?? openSocket)(this.options.url);
    this.socket = socket;
    socket.onopen = () => this.opened(socket);
    socket.onmessage = (event) => this.heard(socket, event.data);
    socket.onclose = (event) => this.closed(socket, event.code);
    this.listenForSilence(socket);
  }

  private opened(socket: SocketLike): void {
    if (socket !== this.socket) return;
    this.attempt = 0;
    socket.send(JSON.stringify(this.options.hello(this.gen)));
    this.options.onOpen?.();
  }

  private heard(socket: SocketLike, data: unknown): void {
    if (socket !== this.socket || typeof data !== "string") return;
    this.listenForSilence(socket);
    const message = parse<In>(data);
    if (message !== null) this.options.onMessage(message);
  }

  private closed(socket: SocketLike, code = 0): void {
    if (socket !== this.socket) return;
    this.socket = null;
    clearTimeout(this.silenceTimer);
    if (this.stopped) return;
    if (code === REPLACED) return this.replaced();
    this.options.onClose?.();
    this.retryTimer = setTimeout(() => this.connect(), waitBefore(this.attempt, Math.random()));
    this.attempt += 1;
  }

  private replaced(): void {
    this.stop();
    this.options.onReplaced?.();
  }

  private beatNow(): void {
    if (this.socket?.readyState !== OPEN) return;
    const message = this.options.beat(this.gen);
    if (message !== null) this.send(message);
  }

  private listenForSilence(socket: SocketLike): void {
    clearTimeout(this.silenceTimer);
    this.silenceTimer = setTimeout(() => {
      // a dead line may take minutes to report its own close: count it as closed now
      socket.close();
      this.closed(socket);
    }, this.options.silence ?? 8000);
  }
}

function openSocket(url: string): SocketLike {
  return new WebSocket(url) as unknown as SocketLike;
}

/** A message we cannot read is left out: the next state comes within seconds. */
function parse<In>(data: string): In | null {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === "object" && value !== null && "t" in value ? (value as In) : null;
  } catch {
    return null;
  }
}
