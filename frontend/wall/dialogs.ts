// The wall's dialogs: identity, warn, end, note. Each asks, sends nothing itself, and hands back what was chosen.

import { ask, onClick, part, setHidden, setPressed, setText } from "../call/dom";
import type { Role, WallCall } from "../call/messages";
import type { CannedWarning, Reason, Texts, WallPageData } from "../call/page_data";
import type { Tile } from "./tile";

export interface WarnChoice { code: string; formal: boolean; for: string }
export interface EndChoice { reason: string; outcome: string }

function dialog(name: string): HTMLDialogElement {
  return part<HTMLDialogElement>(name);
}

function titled(box: HTMLDialogElement, call: WallCall): void {
  box.querySelectorAll<HTMLElement>("[data-part=about-call]").forEach((each) => {
    setText(each, `${call.inmate.name} · ${call.visitor.name} · ${call.station}`);
  });
}

export async function askWarning(call: WallCall, warnings: CannedWarning[]): Promise<WarnChoice | null> {
  const box = dialog("warn-dialog");
  titled(box, call);
  fillMenu(part("warn-list", box), warnings);
  const code = await ask(box);
  if (code === "") return null;
  const form = part<HTMLFormElement>("warn-form", box);
  const data = new FormData(form);
  const choice = { code, formal: data.get("formal") === "yes", for: String(data.get("for") ?? "both") };
  // a formal warning is chosen each time anew
  form.reset();
  return choice;
}

export async function askEnd(call: WallCall, reasons: WallPageData["end_reasons"]): Promise<EndChoice | null> {
  const box = dialog("end-dialog");
  titled(box, call);
  fillMenu(part("end-list", box), reasons, "stop");
  const code = await ask(box);
  const reason = reasons.find((each) => each.code === code);
  return reason === undefined ? null : { reason: reason.code, outcome: reason.outcome };
}

export async function askNote(call: WallCall): Promise<string | null> {
  const box = dialog("note-dialog");
  titled(box, call);
  const field = part<HTMLTextAreaElement>("note-text", box);
  field.value = "";
  const answer = await ask(box);
  return answer === "save" && field.value.trim() !== "" ? field.value.trim() : null;
}

/** One click is enough; words may be written before. */
export async function askSupport(call: WallCall): Promise<string | null> {
  const box = dialog("support-dialog");
  titled(box, call);
  const field = part<HTMLTextAreaElement>("support-text", box);
  field.value = "";
  return (await ask(box)) === "send" ? field.value.trim() : null;
}

/** More minutes: how many is written, why is the button that sends. */
export async function askExtension(call: WallCall, data: WallPageData): Promise<{ minutes: number; reason: string } | null> {
  const box = dialog("extend-dialog");
  titled(box, call);
  const field = part<HTMLInputElement>("extend-minutes", box);
  field.max = String(data.longest_extension);
  field.value = String(Math.min(5, data.longest_extension));
  fillMenu(part("extend-list", box), data.extend_reasons);
  const reason = await ask(box);
  return reason === "" ? null : { minutes: Number(field.value), reason };
}

/** How many are seen on the family's side; null when the officer thought better of it. */
export async function askCount(call: WallCall, texts: Texts): Promise<number | null> {
  const box = dialog("count-dialog");
  titled(box, call);
  const field = part<HTMLInputElement>("count-people", box);
  field.value = call.people.counted === null ? "" : String(call.people.counted);
  setText(part("count-booked", box), texts("count_booked", { count: call.people.booked }));
  const answer = await ask(box);
  return answer === "save" ? Number.parseInt(field.value, 10) : null;
}

/** One click on what happened is enough; words may be written before. */
export async function askIncident(call: WallCall, kinds: Reason[]): Promise<{ kind: string; text: string } | null> {
  const box = dialog("incident-dialog");
  titled(box, call);
  const field = part<HTMLTextAreaElement>("incident-text", box);
  field.value = "";
  fillMenu(part("incident-list", box), kinds);
  const kind = await ask(box);
  return kind === "" ? null : { kind, text: field.value.trim() };
}

export type IdentityChoice = { admit: true } | { admit: false; reason: string };

/** Document and photo beside the live pictures. Reading the images is logged by the server. */
export async function askIdentity(
  tile: Tile, data: WallPageData, texts: Texts, speak: (call: WallCall) => void,
): Promise<IdentityChoice | null> {
  const box = dialog("identity-dialog");
  const call = tile.call;
  titled(box, call);
  setText(part("identity-inmate", box), call.inmate.name);
  setText(part("identity-visitor", box), `${call.visitor.name} (${call.visitor.relation})`);
  setText(part("identity-booked", box), texts("count_booked", { count: call.people.booked }));
  for (const role of ["inmate", "visitor"] as const) showLive(box, role, tile.picture(role));
  showImage(box, "photo", data.photo_url.replace("{ref}", encodeURIComponent(call.ref)));
  showImage(box, "document", data.document_url.replace("{ref}", encodeURIComponent(call.ref)));
  fillMenu(part("refuse-list", box), data.refuse_reasons, "stop");
  setHidden(part("refuse-box", box), true);
  const button = part("identity-speak", box);
  const toggle = (): void => speak(tile.call);
  button.addEventListener("click", toggle);
  const answer = await ask(box);
  button.removeEventListener("click", toggle);
  for (const role of ["inmate", "visitor"] as const) part<HTMLVideoElement>(`identity-video-${role}`, box).srcObject = null;
  if (answer === "") return null;
  return answer === "admit" ? { admit: true } : { admit: false, reason: answer };
}

/** While faces are compared the officer may speak to the family from here. */
export function showIdentitySpeaking(on: boolean): void {
  setPressed(part("identity-speak", dialog("identity-dialog")), on);
}

function showLive(box: HTMLDialogElement, role: Role, stream: MediaStream | null): void {
  const video = part<HTMLVideoElement>(`identity-video-${role}`, box);
  // the same tracks shown twice: no second connection, and the tile goes on counting frames
  video.srcObject = stream;
  setHidden(video, stream === null);
  setHidden(part(`identity-missing-${role}`, box), stream !== null);
  if (stream !== null) void video.play().catch(() => undefined);
}

function showImage(box: HTMLDialogElement, name: string, address: string): void {
  const image = part<HTMLImageElement>(`identity-${name}`, box);
  const missing = part(`identity-no-${name}`, box);
  image.onload = () => { setHidden(image, false); setHidden(missing, true); };
  image.onerror = () => { setHidden(image, true); setHidden(missing, false); };
  image.src = address;
}

/** Buttons that close the dialog with their code as the answer. */
export function fillMenu(list: HTMLElement, rows: Reason[], tone = ""): void {
  list.replaceChildren(...rows.map((row) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "submit";
    button.value = row.code;
    button.className = `act ${tone}`;
    button.textContent = row.label;
    button.dataset["testid"] = `choose-${row.code}`;
    item.append(button);
    return item;
  }));
}

/** Once per page: the identity dialog's refuse button opens the reasons. */
export function wireDialogs(): void {
  const box = dialog("identity-dialog");
  onClick(part("refuse", box), () => {
    setHidden(part("refuse-box", box), false);
    part("refuse-box", box).querySelector("button")?.focus();
  });
  document.querySelectorAll<HTMLButtonElement>("[data-close]").forEach((button) => {
    onClick(button, () => button.closest("dialog")?.close(""));
  });
}
