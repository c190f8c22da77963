// The form of a report: who may be meant is looked up while the name is typed, Enter does what its field is about, and
// a draft stays in this browser only where its box is ticked. Without this script everything works by its buttons.
"use strict";

(() => {
  const DRAFT = "complaint-draft";
  const stored = {
    get: () => { try { return localStorage.getItem(DRAFT); } catch { return null; } },
    set: (text) => { try { localStorage.setItem(DRAFT, text); return true; } catch { return false; } },
    clear: () => { try { localStorage.removeItem(DRAFT); } catch { /* nothing was kept either */ } },
  };

  if (document.querySelector("[data-clear-draft]")) stored.clear(); // it was sent

  const form = document.getElementById("complaint");
  if (!form) return;

  // ── who is meant ──────────────────────────────────────────────────────────────────────────────────────────────────
  const name = form.elements.target_name;
  const found = document.getElementById("found");
  let waiting = 0;
  let latest = 0;
  let asked = name.value;

  async function look() {
    const mine = ++latest;
    asked = name.value;
    const content = new FormData();
    for (const field of ["csrf_token", "target_name"]) content.set(field, form.elements[field].value);
    const chosen = form.querySelector("input[name=party]:checked");
    if (chosen) content.set("party", chosen.value);
    try {
      const answer = await fetch(form.dataset.parties, { method: "POST", body: content });
      if (!answer.ok || mine !== latest) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      found.replaceChildren(...page.body.childNodes);
    } catch { /* the button looks as well */ }
  }
  name.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { if (name.value.trim() !== asked.trim()) look(); }, 400);
  });

  // ── Enter ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  const MEANT = { target_name: "find", email: "code", code: "confirm" };
  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || event.isComposing || field.tagName !== "INPUT") return;
    if (["file", "checkbox", "radio", "submit"].includes(field.type)) return;
    event.preventDefault();
    if (field === name) { look(); return; }
    form.querySelector(`button[name=do][value="${MEANT[field.name] || ""}"]`)?.click();
  });

  // ── the draft ─────────────────────────────────────────────────────────────────────────────────────────────────────
  const KEPT = ["target_name", "facts", "happened", "kind", "name", "contact", "phone", "email", "address", "relation", "matters"];
  const box = document.getElementById("keep-draft");
  const status = document.getElementById("draft-status");
  box.closest(".keep-draft").hidden = false;
  const fields = () => [...form.elements].filter((field) => KEPT.includes(field.name));

  function write() {
    if (!box.checked) return;
    const draft = {};
    for (const field of fields()) {
      const picked = ["checkbox", "radio"].includes(field.type);
      if (picked && !field.checked) continue;
      (draft[field.name] ||= []).push(field.value);
    }
    status.textContent = stored.set(JSON.stringify(draft)) ? "草稿已保存在这台设备上。" : "这个浏览器不允许保存草稿。";
  }

  function restore(text) {
    let draft;
    try { draft = JSON.parse(text); } catch { stored.clear(); return; }
    for (const field of fields()) {
      const values = draft[field.name] || [];
      if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
      else if (!field.value && values.length) field.value = values[0];
    }
    status.textContent = "已取回这台设备上的草稿。";
  }

  const kept = stored.get();
  if (kept) {
    box.checked = true;
    if (form.dataset.unsaved === "clean") restore(kept);
  }
  form.addEventListener("input", (event) => { if (event.target !== box) write(); });
  box.addEventListener("change", () => {
    if (box.checked) { write(); return; }
    stored.clear();
    status.textContent = "草稿已清除，不再保存。";
  });
  document.getElementById("clear-draft").addEventListener("click", () => {
    stored.clear();
    box.checked = false;
    status.textContent = "草稿已清除，不再保存。";
  });
})();
