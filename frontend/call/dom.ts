// Small tools of the pages: find a part of the template, change it only when it changes.

/** The element that the template marks with data-part; missing parts are a mistake of the template. */
export function part<T extends HTMLElement>(name: string, root: ParentNode = document): T {
  const found = root.querySelector<T>(`[data-part="${name}"]`);
  if (found === null) throw new Error(`the template has no part "${name}"`);
  return found;
}

export function maybePart<T extends HTMLElement>(name: string, root: ParentNode = document): T | null {
  return root.querySelector<T>(`[data-part="${name}"]`);
}

/** Live regions speak whenever their text is written: so only when it differs. */
export function setText(element: HTMLElement | null, text: string): void {
  if (element !== null && element.textContent !== text) element.textContent = text;
}

export function setData(element: HTMLElement | null, name: string, value: string): void {
  if (element !== null && element.dataset[name] !== value) element.dataset[name] = value;
}

export function setHidden(element: HTMLElement | null, hidden: boolean): void {
  if (element !== null && element.hidden !== hidden) element.hidden = hidden;
}

export function setPressed(button: HTMLElement | null, pressed: boolean): void {
  const value = String(pressed);
  if (button !== null && button.getAttribute("aria-pressed") !== value) button.setAttribute("aria-pressed", value);
}

/** A copy of `<template data-part=name>`'s only element. */
export function fromTemplate<T extends HTMLElement>(name: string): T {
  const first = part<HTMLTemplateElement>(name).content.firstElementChild;
  if (first === null) throw new Error(`template "${name}" is empty`);
  return first.cloneNode(true) as T;
}

export function onClick(element: HTMLElement | null, act: (event: MouseEvent) => void): void {
  element?.addEventListener("click", act);
}

/** Dialogs whose answer is waited for. */
const asking = new WeakMap<HTMLDialogElement, (answer: string) => void>();

/** Opens a dialog and waits for the button that closes it: its value, or "" when left by Escape. */
export function ask(dialog: HTMLDialogElement): Promise<string> {
  asking.get(dialog)?.("");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    const settle = (answer: string): void => {
      dialog.removeEventListener("close", closed);
      asking.delete(dialog);
      resolve(answer);
    };
    // who is quick opens it again before its last closing is told: that word is not for this question
    const closed = (): void => { if (!dialog.open) settle(dialog.returnValue); };
    asking.set(dialog, settle);
    dialog.addEventListener("close", closed);
  });
}
