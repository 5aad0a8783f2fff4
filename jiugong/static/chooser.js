// Choosers (parts/chooser.html): the list below the box opens with what the server found; arrows walk, Enter takes, Escape closes.
(function () {
  "use strict";
  const boxOf = (place) => place.querySelector('[role="combobox"]');
  const listOf = (place) => place.querySelector('[role="listbox"]');
  const options = (place) => Array.from(listOf(place).querySelectorAll("[data-value]"));

  function close(place) {
    const box = boxOf(place);
    listOf(place).hidden = true;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }
  function point(place, at) {
    const all = options(place), box = boxOf(place);
    all.forEach((each, number) => {
      each.id = box.id + "-" + number;
      each.setAttribute("aria-selected", String(number === at));
    });
    if (!all[at]) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  }
  function take(place, option) {
    const value = place.querySelector("[data-chooser-value]");
    value.value = option.dataset.value;
    boxOf(place).value = option.dataset.text;
    place.querySelectorAll("[data-chooser-several]").forEach((each) => { each.checked = false; });
    close(place);
    value.dispatchEvent(new Event("change", { bubbles: true }));
  }

  document.addEventListener("htmx:afterSwap", (event) => {
    const place = event.target.closest && event.target.closest("[data-chooser]");
    if (!place || document.activeElement !== boxOf(place)) return;
    listOf(place).hidden = false;
    boxOf(place).setAttribute("aria-expanded", "true");
    point(place, -1);
  });
  document.addEventListener("input", (event) => {
    const place = event.target.closest("[data-chooser]");
    if (!place || event.target !== boxOf(place)) return;
    place.querySelector("[data-chooser-value]").value = "";
    listOf(place).replaceChildren();                     // what was offered for the text before is not what is meant now
    close(place);
  });
  document.addEventListener("keydown", (event) => {
    const place = event.target.closest && event.target.closest("[data-chooser]");
    if (!place || event.target !== boxOf(place) || event.isComposing) return;
    const all = options(place), at = all.findIndex((each) => each.getAttribute("aria-selected") === "true");
    if (event.key === "Escape" && !listOf(place).hidden) { event.preventDefault(); close(place); }
    if (listOf(place).hidden || !all.length) return;
    if (event.key === "ArrowDown") { event.preventDefault(); point(place, Math.min(at + 1, all.length - 1)); }
    if (event.key === "ArrowUp") { event.preventDefault(); point(place, Math.max(at - 1, 0)); }
    if (event.key === "Enter") {
      if (at >= 0 || all.length === 1) { event.preventDefault(); take(place, all[Math.max(at, 0)]); }
    }
  });
  // mousedown keeps the box focused until the choice is taken
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest && event.target.closest(".chooser-list")) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const option = event.target.closest("[data-chooser] [data-value]");
    if (option) return take(option.closest("[data-chooser]"), option);
    document.querySelectorAll("[data-chooser]").forEach((place) => { if (!place.contains(event.target)) close(place); });
  });
  document.addEventListener("focusout", (event) => {
    const place = event.target.closest && event.target.closest("[data-chooser]");
    if (place) setTimeout(() => { if (!place.contains(document.activeElement)) close(place); }, 150);
  });
})();
