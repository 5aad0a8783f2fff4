// Entering a tube sheet: Enter goes on to the next field, on an empty line it sends; ticks are numbered in their order.
(function () {
  "use strict";
  const form = document.getElementById("entering");
  if (!form) return;
  const lines = Array.from(form.querySelectorAll(".paper-lines input"));
  const fields = () => Array.from(form.querySelectorAll("input:not([type=hidden]):not([type=checkbox]), select"));

  form.addEventListener("keydown", (event) => {
    const at = event.target;
    if (event.key !== "Enter" || event.isComposing || at.tagName !== "INPUT" || at.type === "checkbox") return;
    const isLine = lines.includes(at);
    if (isLine && !at.value.trim() && (lines.some((line) => line.value.trim()) || form.querySelector("[name=person]:checked"))) return;
    event.preventDefault();
    const all = fields(), next = all[all.indexOf(at) + 1];
    if (next) next.focus(); else form.requestSubmit();
  });

  const order = document.getElementById("order"), told = document.getElementById("ticked");
  let chosen = order && order.value ? order.value.split(",") : [];
  function number() {
    const boxes = Array.from(form.querySelectorAll("[name=person]"));
    const ticked = boxes.filter((box) => box.checked).map((box) => box.value);
    chosen = chosen.filter((uid) => ticked.includes(uid)).concat(ticked.filter((uid) => !chosen.includes(uid)));
    order.value = chosen.join(",");
    told.textContent = chosen.length ? String(chosen.length) : "";
    boxes.forEach((box) => { box.closest("label").querySelector("output").textContent = box.checked ? String(chosen.indexOf(box.value) + 1) : ""; });
  }
  if (order) { form.addEventListener("change", number); number(); }
  const result = document.getElementById("result"), tube = form.elements.tube;
  if (tube.value && !result) lines[0].focus(); else tube.focus();
  if (result) result.scrollIntoView({ block: "nearest" });
})();
