// Go through the marks of an agreement by keyboard: J the next, K the one before. Without it, the links do.
"use strict";

(() => {
  const marks = [...document.querySelectorAll(".mark-note")];
  if (marks.length < 2) return;
  for (const hint of document.querySelectorAll(".keys")) hint.hidden = false;

  // Where one is: at the mark that has the focus, else at the first that is not above the window's upper third.
  const here = () => {
    const focused = marks.findIndex((mark) => mark.contains(document.activeElement));
    if (focused >= 0) return focused;
    return marks.findIndex((mark) => mark.getBoundingClientRect().top > window.innerHeight / 3) - 0.5;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select")) return;
    const step = { j: 1, k: -1 }[event.key.toLowerCase()];
    if (!step) return;
    const at = here();
    const next = step > 0 ? Math.floor(at + 1) : Math.ceil(at - 1);
    const mark = marks[Math.min(Math.max(next, 0), marks.length - 1)];
    mark.scrollIntoView({ block: "center" });
    mark.focus({ preventScroll: true });
  });
})();
