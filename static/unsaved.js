// Ask before typing that is not saved is left behind: forms with data-unsaved ("dirty" when they came back with errors).
"use strict";

(() => {
  const open = new Set(document.querySelectorAll('form[data-unsaved="dirty"]'));

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-unsaved]");
    if (form) open.add(form);
  });
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) open.delete(event.target);
  });
  document.addEventListener("draft-saved", (event) => open.delete(event.target));
  window.addEventListener("beforeunload", (event) => {
    if (open.size > 0) event.preventDefault();
  });
})();
