// While an agreement is read: say how far it is, and load the page anew when it is done.
"use strict";

(() => {
  for (const box of document.querySelectorAll("[data-progress-url]")) {
    const words = box.querySelector("[role=status]");
    const bar = box.querySelector("progress");
    let pause = 1500;

    const ask = async () => {
      try {
        const answer = await fetch(box.dataset.progressUrl, { headers: { Accept: "application/json" } });
        if (!answer.ok) return; // signed out, or it is gone: the link on the page says so
        const told = await answer.json();
        if (told.finished) {
          location.reload();
          return;
        }
        if (words.textContent !== told.words) words.textContent = told.words;
        if (told.of) {
          bar.max = told.of;
          bar.value = told.done;
        }
      } catch {
        // the network may come back
      }
      pause = Math.min(pause * 1.3, 10000);
      setTimeout(ask, pause);
    };
    setTimeout(ask, pause);
  }
})();
