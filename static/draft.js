// A long form saves what is written by itself, half a minute after the last key, and takes up last year's text on demand.
"use strict";

(() => {
  const PAUSE = 30000;
  const frame = document.querySelector("[data-draft]");
  const form = frame?.querySelector("form");
  if (!form) return;
  const status = form.querySelector("[data-draft-status]");
  let waiting = 0;
  let running = null;
  let stopped = false;

  async function save() {
    waiting = 0;
    if (stopped) return;
    let typed = false;
    const note = () => { typed = true; };
    form.addEventListener("input", note);
    try {
      const answer = await fetch(frame.dataset.draft, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
        redirect: "error",
      });
      const said = await answer.json();
      if (answer.ok) {
        form.elements.version.value = said.version;
        if (!typed) form.dispatchEvent(new Event("draft-saved", { bubbles: true }));
      }
      else if (answer.status === 409) stopped = true; // somebody else has written meanwhile: the button will say so
      status.textContent = said.message;
    } catch {
      status.textContent = "没有自动保存，请点“保存”。";
    }
    form.removeEventListener("input", note);
    running = null;
  }

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { running ??= save(); }, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(waiting);
    if (running) { // it brings the version that this one must carry
      event.preventDefault();
      running.then(() => form.requestSubmit());
      return;
    }
    stopped = true;
  });

  for (const button of form.querySelectorAll("[data-copy-from]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const target = document.getElementById(button.dataset.copyTo);
      const text = document.getElementById(button.dataset.copyFrom).textContent;
      target.value = target.value ? `${target.value}\n${text}` : text;
      target.dispatchEvent(new Event("input", { bubbles: true }));
      target.focus();
    });
  }
})();
