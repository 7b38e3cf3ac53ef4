// What a page is told by its template: `{{ page_data|json_script:"page-data" }}` and the sentences in
// `<template id="page-texts">`. The views fill these; the names here are the contract.

export type MediaKind = "livekit" | "stub";

interface Common {
  /** Value for the X-CSRFToken header of fetch. */
  csrf: string;
  media: MediaKind;
  /** Empty: the media server gives its own TURN with the join answer, and no other address reaches the browser. */
  iceServers: RTCIceServer[];
}

/** Visitor's call and station's call. */
export interface CallPageData extends Common {
  participation: string;
  /** Path of the door, for example /door/v-abc. */
  door: string;
  /** Path of the control socket, for example /control/v-abc. */
  control: string;
  /** Public key (P-256) of the sign of supervision; the station wants one, the visitor's page has null. */
  signKey: JsonWebKey | null;
  /** Where the page goes after the end. */
  next_url: string;
  /** Where "Minta pendampingan" is sent. */
  support_url: string;
}

// The waiting pages (check-in, station idle) have no data: they fetch themselves and swap `data-part="room"`,
// see refresh.ts. data-changed on it says whether anything changed, data-open where to go.

export interface DeviceCheckData {
  /** WebSocket path that sends back what it gets; null: the connection test is left out. */
  echo: string | null;
}

/** One canned warning: the text is shown to people in their own language by its code. */
export interface CannedWarning { code: string; label: string }
export interface Reason { code: string; label: string }

export interface WallPageData extends Common {
  control: string;
  /** Paths with {ref} and {act} to fill in. */
  act_url: string;
  /** The prison this wall is for, and the addresses that stop and reopen all its calls. */
  facility: number;
  stop_url: string;
  reopen_url: string;
  /** Where the officer answers that they are still watching. */
  attention_url: string;
  /** Where a shift begins (with the PIN) and ends; the prison's time zone for the clock. */
  shift_start_url: string;
  shift_end_url: string;
  /** The piece of the page that lists calls which have just ended. */
  ended_url: string;
  /** Handing calls over, with {what}: offer, accept, decline, withdraw. */
  handover_url: string;
  zone: string;
  /** Images of the identity check, with {ref}; reading one is logged. */
  document_url: string;
  photo_url: string;
  /** Own task acts, with {id}; null hides the button. */
  warnings: CannedWarning[];
  pause_reasons: Reason[];
  end_reasons: (Reason & { outcome: string })[];
  refuse_reasons: Reason[];
  extend_reasons: Reason[];
  /** Minutes that may be added to a call in all; the next booking may leave fewer. */
  longest_extension: number;
  incidents: Reason[];
  /** How many calls one officer may watch at once. */
  limit: number;
}

/** The head of prison at a running call. */
export interface LookPageData extends Common {
  door: string;
  control: string;
}

/** Reads and returns the page's data; the type is the caller's promise about its own template. */
export function readPageData<T>(root: Document = document): T {
  const holder = root.getElementById("page-data");
  if (holder === null || holder.textContent === null) throw new Error("page-data is missing");
  return JSON.parse(holder.textContent) as T;
}

export type Texts = (key: string, values?: Record<string, string | number>) => string;

/** The sentences of the page, from `<template id="page-texts"><i data-text="key">…</i></template>`. */
export function readTexts(root: Document = document): Texts {
  const holder = root.getElementById("page-texts");
  const source = holder instanceof HTMLTemplateElement ? holder.content : holder;
  const sentences = new Map<string, string>();
  source?.querySelectorAll<HTMLElement>("[data-text]").forEach((each) => {
    sentences.set(each.dataset["text"] ?? "", (each.textContent ?? "").trim());
  });
  return (key, values = {}) => fill(sentences.get(key) ?? "", values);
}

export function fill(sentence: string, values: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : String(value);
  });
}

/** "Sisa 11 menit": two keys, because English needs one and many. */
export function countText(texts: Texts, key: string, count: number): string {
  return texts(count === 1 ? `${key}_one` : `${key}_many`, { count });
}
