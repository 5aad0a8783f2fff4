// The last ten scans on the scanner's page, each with what became of it and a way to undo it, with a reason.
window.scanList = function (say, undone) {
  "use strict";
  const $ = (id) => document.getElementById(id), list = $("scans"), items = new Map();
  let undoing = null;

  const icon = (state) => document.importNode(document.querySelector(`template[data-icon="${state}"]`).content, true);
  function add(item, time) {
    const row = document.importNode($("scanned").content, true).firstElementChild;
    row.querySelector(".matter-meta").textContent = time;
    row.querySelector(".scan-undo-button").addEventListener("click", () => askWhy(item));
    item.row = row;
    items.set(item.id, item);
    list.prepend(row);
    while (list.children.length > 10) list.lastElementChild.remove();
    $("none").hidden = true;
  }
  function show(item, state, word) {
    if (!item.row) return;
    const badge = item.row.querySelector(".state");
    badge.className = "state state-" + state;
    badge.replaceChildren(icon(state));
    item.row.querySelector(".matter-text").textContent = [item.name || item.shown, item.team, word].filter(Boolean).join(" · ");
    item.row.querySelector(".scan-undo-button").hidden = !item.canUndo;
    item.row.dataset.state = state;
  }
  function askWhy(item) {
    undoing = item;
    $("undo-whom").textContent = (item.name || item.shown) + " · " + item.tube;
    $("undoing").showModal();
  }
  $("undoing").addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-reason]");
    if (!chosen && !event.target.closest("[data-keep]") && event.target !== $("undoing")) return;
    $("undoing").close();
    if (chosen && undoing && undoing.canUndo) undone(undoing, chosen.dataset.reason);
  });
  function noMoreUndo(tube) {
    items.forEach((item) => {
      if (item.tube !== tube) return;
      item.canUndo = false;
      if (item.row) item.row.querySelector(".scan-undo-button").hidden = true;
    });
  }
  return { add, show, items, icon, noMoreUndo };
};
