// Which of their headings is which of ours: dragged by mouse, finger or pen, or pressed and then put, or chosen from the lists.
// The lists are the truth: whatever is dragged only chooses in them, so the form is the same without scripts.
(function () {
  "use strict";
  const FAR = 6, EDGE = 72;
  let held = null;                                       // { chip, table, ghost, x, y, moved }
  let tapped = 0;

  const all = (selector, within) => Array.from(within.querySelectorAll(selector));
  const chipFor = (table, text) => all("[data-their]", table).find((chip) => chip.dataset.their === text);
  const listOf = (line) => line.querySelector("select");

  function show(table) {
    const used = all("[data-ours] select", table).map((list) => list.value).filter(Boolean);
    all("[data-their]", table).forEach((chip) => chip.classList.toggle("is-used", used.includes(chip.dataset.their)));
    all("[data-ours]", table).forEach((line) => {
      const list = listOf(line), chip = chipFor(table, list.value);
      list.classList.toggle("is-set", Boolean(list.value));
      line.querySelector("[data-preview]").textContent = chip ? chip.querySelector("[data-samples]").textContent : "";
    });
  }
  function choose(line, text) {
    const table = line.closest("[data-mapping]");
    all("[data-ours] select", table).forEach((list) => { if (text && list.value === text) list.value = ""; });
    listOf(line).value = text;
    settled(line);
    show(table);
  }
  function settled(line) {                               // somebody has said it: it is a guess no more
    line.classList.remove("is-guessed");
    const guess = line.querySelector("[data-guess]");
    if (guess) guess.remove();
  }
  function pick(chip) {
    const table = chip.closest("[data-mapping]"), on = chip.getAttribute("aria-pressed") !== "true";
    all("[data-their]", table).forEach((each) => each.setAttribute("aria-pressed", String(on && each === chip)));
    table.classList.toggle("is-putting", on);
  }
  const picked = (table) => table.querySelector('[data-their][aria-pressed="true"]');

  function over(x, y) {
    const at = document.elementFromPoint(x, y);
    return at && at.closest("[data-ours]");
  }
  function mark(line) {
    all(".is-over", document).forEach((each) => { if (each !== line) each.classList.remove("is-over"); });
    if (line) line.classList.add("is-over");
  }
  function letGo() {
    if (held && held.ghost) held.ghost.remove();
    if (held) held.chip.classList.remove("is-held");
    mark(null);
    held = null;
  }

  document.addEventListener("pointerdown", (event) => {
    const chip = event.target.closest && event.target.closest("[data-their]");
    if (!chip || event.button !== 0) return;
    held = { chip, table: chip.closest("[data-mapping]"), ghost: null, x: event.clientX, y: event.clientY, moved: false };
    try { chip.setPointerCapture(event.pointerId); } catch { /* a pointer that is gone already */ }
  });
  document.addEventListener("pointermove", (event) => {
    if (!held) return;
    if (!held.moved && Math.hypot(event.clientX - held.x, event.clientY - held.y) < FAR) return;
    if (!held.moved) {
      held.moved = true;
      held.chip.classList.add("is-held");
      held.ghost = held.chip.cloneNode(true);
      held.ghost.removeAttribute("data-their");
      held.ghost.className = "their their-ghost";
      held.ghost.setAttribute("aria-hidden", "true");
      document.body.append(held.ghost);
    }
    event.preventDefault();
    held.ghost.style.transform = "translate(" + (event.clientX + 8) + "px," + (event.clientY + 8) + "px)";
    if (event.clientY < EDGE) window.scrollBy(0, -16);
    if (event.clientY > window.innerHeight - EDGE) window.scrollBy(0, 16);
    const line = over(event.clientX, event.clientY);
    mark(line && line.closest("[data-mapping]") === held.table ? line : null);
  });
  document.addEventListener("pointerup", (event) => {
    if (!held) return;
    const line = held.moved && over(event.clientX, event.clientY);
    if (line && line.closest("[data-mapping]") === held.table) choose(line, held.chip.dataset.their);
    if (held.moved) tapped = event.timeStamp;            // the click that follows a drag picks nothing up
    letGo();
  });
  document.addEventListener("pointercancel", letGo);

  document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-their]");
    if (chip) {
      if (event.timeStamp - tapped > 50) pick(chip);
      return;
    }
    const line = event.target.closest("[data-ours]");
    const up = line && picked(line.closest("[data-mapping]"));
    if (!up) return;
    event.preventDefault();
    choose(line, up.dataset.their);
    pick(up);
    listOf(line).focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    letGo();
    all('[data-their][aria-pressed="true"]', document).forEach(pick);
  });
  document.addEventListener("change", (event) => {
    const line = event.target.closest && event.target.closest("[data-ours]");
    if (line) choose(line, event.target.value);
  });
})();
