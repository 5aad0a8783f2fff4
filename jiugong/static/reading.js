// A field into which codes are read: by camera or photo (scan/camera.js), by a scanner that types, by a thumb. Each code goes
// through the form's own submit, so that whoever owns the form decides what a code does; alone, the form is sent.
(function () {
  "use strict";
  const box = document.querySelector("[data-reader]");
  if (!box || !window.scanCamera) return;
  const $ = (name) => box.querySelector("[data-" + name + "]");
  const form = box.closest("form"), input = box.querySelector("#reader-code"), way = $("way"), say = box.dataset;
  const byThumb = matchMedia("(pointer: coarse)").matches;

  function read(text) {
    input.value = text;
    form.requestSubmit();
  }
  const camera = window.scanCamera({
    video: box.querySelector("video"), wasm: say.wasm, read: read,
    way: (name) => {
      const on = name === "camera" || name === "starting";
      way.textContent = say["way" + name[0].toUpperCase() + name.slice(1)];
      way.dataset.way = name;
      $("picture").hidden = !on;
      $("camera").hidden = name === "insecure" || name === "none" || name === "reader";
      $("photo-way").hidden = on || !byThumb;
    },
    tools: () => {},
  });
  $("camera").addEventListener("click", () => {
    if (!camera.isOn()) return camera.start();
    camera.stop();
    $("picture").hidden = true;
    $("photo-way").hidden = !byThumb;
    way.textContent = say.wayOff;
  });
  $("photo").addEventListener("change", async (event) => {
    const file = event.target.files[0];
    if (!file) return;
    const text = await camera.photo(file);
    event.target.value = "";
    if (text) read(text); else way.textContent = say.nothing;
  });
  form.addEventListener("submit", (event) => {              // an empty Enter of a scanner is no code
    if (!input.value.trim()) { event.preventDefault(); event.stopImmediatePropagation(); }
  });
  document.addEventListener("keydown", (event) => {           // a scanner that types is heard wherever the cursor is
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || event.key === " ") return;
    if (event.target.closest("input, select, textarea, summary, dialog")) return;
    input.focus({ preventScroll: true });
  });
  window.addEventListener("pagehide", () => camera.stop());
  const cannot = camera.possible();
  $("camera").hidden = Boolean(cannot);
  $("photo-way").hidden = !byThumb;
  if (cannot && byThumb) way.textContent = say["way" + cannot[0].toUpperCase() + cannot.slice(1)];
  if (!byThumb) input.focus({ preventScroll: true });
})();
