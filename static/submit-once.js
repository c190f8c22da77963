// A second click does not send a form twice. The server refuses the second one all the same.
"use strict";

(() => {
  const sent = new WeakSet();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    // Not `disabled`: a disabled button would not send its own name and value.
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
  });

  // Coming back by the Back button shows the page as it was left: let it be sent again.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.forms) {
      sent.delete(form);
      for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
    }
  });
})();
