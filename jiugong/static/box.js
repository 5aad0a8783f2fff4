// Boxes on a phone. Each tube, seal, hand-over and receipt goes through the outbox (field/outbox.js) under an id made here: in
// order, once, also without a network. A receipt may arrive before the words of whoever gave the box away: then it waits for them.
(function () {
  "use strict";
  const place = document.getElementById("box");
  if (!place) return;
  const $ = (id) => document.getElementById(id), say = place.dataset, box = window.outbox, clock = window.parkClock, PATIENCE = 2500;
  const form = $("boxing"), input = $("reader-code"), said = $("said"), tubes = new Map(), signed = new Map(), seen = new Set();
  const NOT_YET = ["screening.box_not_offered", "screening.box_unknown"];
  let keeping = 0;
  const address = (name, code) => say[name].replace("BOX", encodeURIComponent(code));

  function tell(text, state) {
    if (!said) return announce(text, state);
    said.className = "scan-said m-0" + (text ? " state text-wrap state-" + state : "");
    said.textContent = text;
    if (text && navigator.vibrate) navigator.vibrate(state === "done" ? 40 : [80, 60, 80]);
  }
  function announce(text, state) {
    const message = document.createElement("div"), region = $("messages");
    message.className = "message " + ({ done: "success", late: "error" }[state] || "warning");
    message.textContent = text;
    region.replaceChildren(message);
    message.scrollIntoView({ block: "nearest" });
  }

  // ── receiving: each tube that is read is counted, and its code goes into the form that signs ───────────────
  function count(tube) {
    const field = document.forms.receiving.elements, again = seen.has(tube);
    seen.add(tube);
    field.scanned.value = Array.from(seen).join("\n");
    field.counted.value = String(seen.size);
    tell((again ? say.again : say.counted) + " · " + tube + " · " + seen.size, again ? "missing" : "done");
  }

  // ── filling ──────────────────────────────────────────────────────────────────────────────────────────────
  function addRow(id, tube) {
    const row = $("row").content.cloneNode(true).firstElementChild;
    row.querySelector(".mono").textContent = tube;
    $("tube-table").classList.remove("d-none");
    if ($("none")) $("none").remove();
    $("tube-rows").append(row);
    tubes.set(id, { row: row, tube: tube });
    return row;
  }
  function put(tube) {
    const id = box.newId(), row = addRow(id, tube);
    box.put({ id: id, lane: "boxes", kind: "box-put", url: say.puts, list: "puts", common: { park: say.park },
              body: { put_id: id, box: say.box, tube: tube, put_at: clock.now().toISOString() }, shown: { what: tube, box: say.box } });
    setTimeout(() => { if (tubes.has(id)) waits(row); }, box.isLost() ? 0 : PATIENCE);
  }
  function show(row, state, word) {
    const badge = row.querySelector(".state");
    badge.className = "state state-chip text-wrap state-" + state;
    badge.textContent = word;
  }
  function waits(row) {
    show(row, "missing", say.waiting);
    tell(say.waiting, "missing");
    mayBeSealed();
  }
  function offer(row, tube) {                                // what arrived can be taken out again
    const out = row.querySelector("form"), button = out.querySelector("button");
    out.elements.tube.value = tube;
    button.setAttribute("aria-label", button.getAttribute("aria-label").replace("CODE", tube));
    out.hidden = false;
  }
  function mayBeSealed() {                                   // a box with a tube can be sealed
    if ($("sealing")) $("sealing").classList.replace("d-none", "d-flex");
    if ($("dropping")) $("dropping").classList.replace("d-flex", "d-none");
  }
  function settle(id, answer) {
    const { row } = tubes.get(id);
    tubes.delete(id);
    if (answer.status === "refused") {
      row.remove();
      return tell(answer.message, "late");
    }
    ["packed", "inside"].forEach((name) => { if ($(name)) $(name).textContent = String(answer.tubes); });
    offer(row, answer.tube);
    if (answer.status === "repeat" && document.querySelectorAll("#tube-rows tr").length > answer.tubes) row.remove();
    show(row, answer.message ? "missing" : "done", answer.message || say.put);
    tell((answer.status === "repeat" ? say.again : answer.message || say.put) + " · " + answer.tube + " · " + answer.tubes, answer.message ? "missing" : "done");
    mayBeSealed();
    clearTimeout(keeping);
    keeping = setTimeout(keepAnew, 1000);
  }
  function keepAnew() {                                      // so that the page that this device keeps knows what is in the box
    const worker = navigator.serviceWorker && navigator.serviceWorker.controller;
    if (worker) worker.postMessage({ keep: location.href, anew: true });
  }

  // ── signing: seal, hand over, receive ──────────────────────────────────────────────────────────────────────
  const number = (text) => String(text || "").trim() === "" ? null : Number(text);
  const SIGNS = {
    seal: () => ({ id: box.newId(), code: say.box, url: "seal", word: say.wordSeal, body: {} }),
    give: (field) => ({ id: field.leg_id.value, code: say.box, url: "give", word: say.wordGive,
                        body: { leg_id: field.leg_id.value, gave: Number(field.gave.value), to_whom: field.to_whom.value.trim() } }),
    receive: (field, how) => ({ id: field.receipt_id.value, code: (field.code ? field.code.value.trim() : "") || say.box, url: how, word: say.wordReceive, notYet: NOT_YET,
                                body: { receipt_id: field.receipt_id.value, counted: number(field.counted.value), scanned: field.scanned ? field.scanned.value.split(/\s+/).filter(Boolean) : [] } }),
  };
  document.querySelectorAll("form[data-signs]").forEach((each) => each.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (each.dataset.confirm && !window.confirm(each.dataset.confirm)) return;
    const kind = each.dataset.signs, one = SIGNS[kind](each.elements, event.submitter && event.submitter.value);
    if (kind === "receive" && one.body.counted === null && !one.body.scanned.length) return announce(say.countFirst, "late");
    busy(each, true);
    signed.set(one.id, { kind: kind, form: each, code: one.code });
    box.put({ id: one.id, lane: one.notYet ? "receipt-" + one.id : "boxes", kind: "box-" + kind, url: address(one.url, one.code), notYet: one.notYet,
              body: { park: say.park, at: clock.now().toISOString(), ...one.body }, shown: { what: one.word, box: one.code } })
      .then((kept) => setTimeout(() => { if (signed.has(one.id)) signedHere(kind, kept, one.code); }, box.isLost() ? 0 : PATIENCE));
  }));
  function busy(each, on) {
    each.querySelectorAll("button").forEach((button) => { button.disabled = on; });
  }
  function signedHere(kind, kept, code) {                    // nobody answered yet: go on with what this device knows
    if (!say.box) {                                          // the list: the next box may be received at once
      const next = $("receiving");
      next.reset();
      next.elements.receipt_id.value = box.newId();
      busy(next, false);
    }
    announce((kept ? say.signedHere : say.memory).replace("BOX", code), kept ? "missing" : "late");
    if (kind === "seal") {
      ["filling", "sealing", "dropping"].forEach((name) => { if ($(name)) $(name).remove(); });
      $("giving").hidden = false;
      $("giving").querySelector('[name="gave"]').value = String(document.querySelectorAll("#tube-rows tr").length);
    } else if (say.box && $({ give: "giving", receive: "receiving" }[kind])) {
      busy($({ give: "giving", receive: "receiving" }[kind]), true);
    }
  }
  function settleSigned(id, answer) {
    const { kind, form: one, code } = signed.get(id);
    signed.delete(id);
    if (answer.status === "refused") {
      if (one) busy(one, false);
      return announce(answer.message, "late");
    }
    const last = (answer.legs || []).slice(-1)[0], word = kind === "receive" && last && last.differs ? "differs" : { seal: "sealed", give: "gave", receive: "received" }[kind];
    try { sessionStorage.setItem("box-said", JSON.stringify([say[word].replace("BOX", code), word === "differs" ? "missing" : "done"])); } catch { /* the page shows it too */ }
    location.reload();
  }
  document.addEventListener("outbox:told", (event) => {
    const { id, answer } = event.detail;
    if (tubes.has(id)) settle(id, answer);
    else if (signed.has(id)) settleSigned(id, answer);
  });
  document.addEventListener("outbox:trouble", () => tubes.forEach(({ row }) => waits(row)));

  // ── what waits from before ─────────────────────────────────────────────────────────────────────────────────
  async function begun() {
    for (const row of await box.listed("waiting")) {
      const code = row.content.shown.box;
      if (!row.kind.startsWith("box-") || code !== say.box) continue;
      if (row.kind === "box-put" && $("filling") && !tubes.has(row.id)) waits(addRow(row.id, row.content.body.tube));
      else if (row.kind !== "box-put" && !signed.has(row.id)) {
        signed.set(row.id, { kind: row.kind.slice(4), form: null, code: code });
        signedHere(row.kind.slice(4), true, code);
      }
    }
  }
  if (form) form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    const code = window.scanCodes.understand(input.value, "");
    input.value = "";
    if (code.kind !== "tube") return tell(say.nocode, "late");
    if (form.dataset.mode === "count") count(code.text); else put(code.text);
  });
  document.querySelectorAll("[data-by-script]").forEach((each) => { each.hidden = false; });
  try {
    const told = JSON.parse(sessionStorage.getItem("box-said") || "null");
    sessionStorage.removeItem("box-said");
    if (told) announce(told[0], told[1]);
  } catch { /* it was said once already */ }
  begun();
})();
