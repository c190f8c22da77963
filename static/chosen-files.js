// Say which files were chosen, and refuse one too large before it travels. The server decides all the same.
"use strict";

(() => {
  const inWords = (bytes) =>
    bytes >= 1048576 ? `${(bytes / 1048576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;

  const line = (text, tooLarge) => {
    const item = document.createElement("li");
    item.textContent = text;
    if (tooLarge) item.className = "too-large";
    return item;
  };

  const tell = (input) => {
    const list = document.getElementById(`${input.id}-chosen`);
    const limit = Number(input.dataset.maxBytes) || Infinity;
    const files = [...input.files];
    const lines = files.map((file) =>
      file.size > limit
        ? line(`${file.name}（${inWords(file.size)}）超过 ${inWords(limit)}，没有选上，请压缩或分开后再选。`, true)
        : line(`${file.name}（${inWords(file.size)}）`, false),
    );
    const all = files.reduce((sum, file) => sum + file.size, 0);
    const tooMuch = all > limit; // what is sent at once has one limit, one file or many
    if (tooMuch && files.length > 1) lines.push(line(`合计 ${inWords(all)}，一次最多 ${inWords(limit)}，都没有选上，请分几次传。`, true));
    list.replaceChildren(...lines);
    if (tooMuch) input.value = "";
  };

  for (const input of document.querySelectorAll("input[type=file][id]")) {
    if (!document.getElementById(`${input.id}-chosen`)) continue;
    input.addEventListener("change", () => tell(input));
  }
})();
