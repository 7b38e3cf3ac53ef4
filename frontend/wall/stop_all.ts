// Stop all: two steps, two ways. The word goes over the control socket at once, where no page or database stands
// between, and over the address as well, whose answer the officer reads. Twice is the same as once.

import { ask, onClick, part, setHidden } from "../call/dom";
import type { WallMessage } from "../call/messages";
import type { Texts, WallPageData } from "../call/page_data";
import type { ActAnswer, Acts } from "./acts";
import { refusalToasts, toast } from "./toasts";

export class StopAll {
  constructor(
    private readonly data: Pick<WallPageData, "facility" | "stop_url" | "reopen_url">,
    private readonly texts: Texts,
    private readonly acts: Pick<Acts, "post">,
    private readonly say: (message: WallMessage) => boolean,
  ) {}

  wire(): void {
    onClick(part("stop-all"), () => void this.askToStop());
    onClick(part("reopen"), () => void this.askToReopen());
  }

  /** `stopped`: the prisons of this officer whose calls are stopped. */
  show(stopped: number[]): void {
    const here = stopped.includes(this.data.facility);
    setHidden(part("stopped"), !here);
    setHidden(part("stop-all"), here);
  }

  async stop(): Promise<void> {
    const said = this.say({ t: "stop_all", facility: this.data.facility });
    const answer = await this.acts.post(this.data.stop_url);
    if (answer === null && said) toast(this.texts("stop_unsure"), this.texts("stop_unsure_next"), true);
    else this.tell(answer, "stopped_all");
  }

  private async askToStop(): Promise<void> {
    if ((await ask(part<HTMLDialogElement>("stop-all-dialog"))) === "stop") await this.stop();
  }

  private async askToReopen(): Promise<void> {
    const box = part<HTMLDialogElement>("reopen-dialog");
    const field = part<HTMLTextAreaElement>("reopen-reason", box);
    field.value = "";
    if ((await ask(box)) === "reopen") this.tell(await this.acts.post(this.data.reopen_url, { reason: field.value }), "reopened");
  }

  private tell(answer: ActAnswer | null, done: string): void {
    if (answer === null) toast(this.texts("no_answer"), this.texts("no_answer_next"), true);
    else if (!answer.ok) refusalToasts(answer.refusals);
    else if (!answer.recorded) toast(this.texts("not_recorded"), this.texts("not_recorded_next"), true);
    else toast(this.texts(done));
  }
}
