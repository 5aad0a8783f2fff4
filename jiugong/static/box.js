// A box's page. Filling: each tube is sent at once under an id of its own, and again under the same id until it arrived.
// Receiving: each tube that is read is counted, and its code goes into the form that signs.
(function () {
  "use strict";
  const form = document.getElementById("boxing");
  if (!form) return;
  const say = form.dataset, input = document.getElementById("reader-code"), said = document.getElementById("said");
  const seen = new Set(), queue = [];
  let sending = false, pause = 1000, timer = 0;

  function newId() {
    if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  function tell(text, state) {
    said.className = "scan-said m-0" + (text ? " state text-wrap state-" + state : "");
    said.textContent = text;
    if (text && navigator.vibrate) navigator.vibrate(state === "done" ? 40 : [80, 60, 80]);
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const code = window.scanCodes.understand(input.value, "");
    input.value = "";
    if (code.kind !== "tube") return tell(say.nocode, "late");
    if (say.mode === "count") count(code.text); else put(code.text);
  });

  // ── receiving ────────────────────────────────────────────────────────────────────────────────────────────
  function count(tube) {
    const field = document.forms.receiving.elements, again = seen.has(tube);
    seen.add(tube);
    field.scanned.value = Array.from(seen).join("\n");
    field.counted.value = String(seen.size);
    tell((again ? say.again : say.counted) + " · " + tube + " · " + seen.size, again ? "missing" : "done");
  }

  // ── filling ──────────────────────────────────────────────────────────────────────────────────────────────
  function put(tube) {
    const row = document.getElementById("row").content.cloneNode(true).firstElementChild;
    row.querySelector(".mono").textContent = tube;
    document.getElementById("tube-table").classList.remove("d-none");
    if (document.getElementById("none")) document.getElementById("none").remove();
    document.getElementById("tube-rows").append(row);
    queue.push({ put: { put_id: newId(), box: say.box, tube: tube, put_at: new Date().toISOString() }, row: row });
    send();
  }
  async function send() {
    clearTimeout(timer);
    if (sending || !queue.length) return;
    sending = true;
    const batch = queue.slice(0, 50), token = document.querySelector('meta[name="csrf-token"]');
    try {
      const answer = await fetch(say.puts, { method: "POST", credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token ? token.content : "" },
        body: JSON.stringify({ park: say.park, puts: batch.map((item) => item.put) }) });
      if (!answer.ok) throw new Error(String(answer.status));
      const told = await answer.json();
      queue.splice(0, batch.length);
      pause = 1000;
      batch.forEach((item, at) => settle(item, told.answers[at]));
      sending = false;
      return send();
    } catch {
      sending = false;
      batch.forEach((item) => show(item.row, "missing", say.waiting));
      tell(say.waiting, "missing");
      timer = setTimeout(send, pause);
      pause = Math.min(pause * 2, 15000);
    }
  }
  function show(row, state, word) {
    const badge = row.querySelector(".state");
    badge.className = "state state-chip state-" + state;
    badge.textContent = word;
  }
  function offer(row, tube) {                                // what arrived can be taken out again
    const out = row.querySelector("form"), button = out.querySelector("button");
    out.elements.tube.value = tube;
    button.setAttribute("aria-label", button.getAttribute("aria-label").replace("CODE", tube));
    out.hidden = false;
  }
  function settle(item, answer) {
    if (answer.status === "refused") {
      item.row.remove();
      return tell(answer.message, "late");
    }
    for (const name of ["packed", "inside"]) document.getElementById(name).textContent = String(answer.tubes);
    offer(item.row, answer.tube);
    if (answer.status === "repeat" && document.querySelectorAll("#tube-rows tr").length > answer.tubes) item.row.remove();
    show(item.row, answer.message ? "missing" : "done", answer.message || say.put);
    tell((answer.status === "repeat" ? say.again : answer.message || say.put) + " · " + answer.tube + " · " + answer.tubes, answer.message ? "missing" : "done");
    document.getElementById("sealing").classList.replace("d-none", "d-flex");       // a box with a tube can be sealed
    document.getElementById("dropping").classList.replace("d-flex", "d-none");
  }
  window.addEventListener("online", send);
  window.addEventListener("beforeunload", (event) => { if (queue.length) event.preventDefault(); });
})();
