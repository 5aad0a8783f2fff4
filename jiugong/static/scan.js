// The scanner's page: each scan is sent at once under an id of its own, and again under the same id until it arrived.
// A code comes from the camera, a photo, a scanner that types, or a thumb; scan-codes.js says what it is. Texts come from
// the page, so that they are translated. The time is the park's, as the server last told it, not this device's.
(function () {
  "use strict";
  const form = document.getElementById("scanner");
  if (!form) return;
  const $ = (id) => document.getElementById(id);
  const say = form.dataset, field = form.elements, codes = window.scanCodes;
  const fill = $("fill"), bound = $("bound"), said = $("said"), list = $("scans"), pending = $("pending"), sealing = $("seal");
  const queue = [], tubes = new Map();                       // what has not arrived, scans and undos; how full each tube is
  const byThumb = matchMedia("(pointer: coarse)").matches, memory = "scan:" + say.park;
  let sending = false, inFlight = [], pause = 1000, timer = 0, doubted = "", held = null, asked = null, skew = 0, undoing = null;

  // ── ids: also where the page did not come over TLS and crypto.randomUUID is missing ──────────────────────
  function newId() {
    if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
    const bytes = new Uint8Array(16);
    crypto.getRandomValues(bytes);
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }
  function kept(name, value) {                               // a private window forgets: fine
    try {
      if (value !== undefined) localStorage.setItem(name, value);
      return localStorage.getItem(name) || "";
    } catch { return ""; }
  }
  const device = () => kept("device") || kept("device", "web-" + newId().slice(0, 8)) || "web";

  // ── the park's time ──────────────────────────────────────────────────────────────────────────────────────
  const shown = new Intl.DateTimeFormat("en-GB", { timeZone: say.zone, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  const hear = (moment) => { if (moment) skew = new Date(moment).getTime() - Date.now(); };
  const now = () => new Date(Date.now() + skew);

  // ── sounds: one high = bound, two = already sampled, falling = unknown, long low = refused or full ───────
  const SOUNDS = {
    bound: [[880, 0, 0.09]], again: [[660, 0, 0.08], [660, 0.14, 0.08]], tube: [[520, 0, 0.07], [780, 0.08, 0.1]],
    unknown: [[700, 0, 0.12], [500, 0.14, 0.12], [350, 0.28, 0.16]], refused: [[180, 0, 0.5]],
    full: [[180, 0, 0.3], [180, 0.4, 0.3]],
  };
  let audio = null;
  function sound(kind) {
    say.sound = kind;
    document.dispatchEvent(new CustomEvent("scan:sound", { detail: kind }));
    try {
      audio = audio || new (window.AudioContext || window.webkitAudioContext)();
      if (audio.state === "suspended") audio.resume();
      SOUNDS[kind].forEach(([pitch, after, length]) => {
        const tone = audio.createOscillator(), loudness = audio.createGain(), at = audio.currentTime + after;
        tone.frequency.value = pitch;
        tone.type = kind === "refused" || kind === "full" ? "square" : "sine";
        loudness.gain.setValueAtTime(0.25, at);
        loudness.gain.exponentialRampToValueAtTime(0.001, at + length);
        tone.connect(loudness).connect(audio.destination);
        tone.start(at);
        tone.stop(at + length);
      });
    } catch { /* a machine without sound still shows words */ }
    if (navigator.vibrate) navigator.vibrate(kind === "bound" || kind === "tube" ? 40 : [80, 60, 80]);
  }

  // ── what the scanner sees ────────────────────────────────────────────────────────────────────────────────
  function icon(state) {
    return document.importNode(document.querySelector(`template[data-icon="${state}"]`).content, true);
  }
  function tell(text, state) {
    said.className = "scan-said" + (text ? " state text-wrap state-" + (state || "late") : "");
    said.replaceChildren(...(text ? [icon(state || "late"), document.createTextNode(text)] : []));
  }
  function show(item, state, word) {
    const badge = item.row.querySelector(".state");
    badge.className = "state state-" + state;
    badge.replaceChildren(icon(state));
    item.row.querySelector(".matter-text").textContent = (item.name || item.shown) + " · " + word;
    item.row.querySelector(".scan-undo-button").hidden = !item.canUndo;
    item.row.dataset.state = state;
  }
  const tubeNow = () => codes.tidy(field.tube.value);
  const pool = () => Number((field.round.selectedOptions[0] || { dataset: {} }).dataset.pool || 20);
  function count() {
    const known = tubes.get(tubeNow()), capacity = known ? known.capacity : pool();
    bound.textContent = (known ? known.bound : "–") + " / " + capacity;
    fill.max = capacity;
    fill.value = known ? known.bound : 0;
    form.classList.toggle("is-full", Boolean(known && known.bound >= known.capacity));
  }
  function countPending() {
    pending.hidden = !queue.some((item) => item.tries > 0);
    pending.querySelector("b").textContent = String(queue.length);
  }
  function where() {
    const words = [field.round.selectedOptions[0] ? field.round.selectedOptions[0].textContent.split(" · ")[0] : "", field.point.value.trim()];
    $("where-words").textContent = words.filter(Boolean).join(" · ");
  }

  // ── a code was read ──────────────────────────────────────────────────────────────────────────────────────
  function read(text, way) {
    const code = codes.understand(text, tubeNow());
    $("ask").hidden = true;
    if (code.kind === "none") {
      if (code.text) { tell(say.nocode, "missing"); sound("unknown"); }
    } else if (code.kind === "unclear") {
      asked = code.text;
      $("ask-text").textContent = code.text;
      $("ask").hidden = false;
      sound("unknown");
    } else if (code.kind === "tube") {
      useTube(code.text);
    } else {
      person(code, way);
    }
  }
  function person(code) {
    if (!field.round.value || !field.point.value.trim()) {
      $("where").open = true;
      tell(say.choose, "missing");
      return sound("refused");
    }
    if (code.doubtful && doubted !== code.text) {
      doubted = code.text;
      tell(say.doubtful, "missing");
      return sound("unknown");
    }
    doubted = "";
    if (!tubeNow()) {
      held = code;
      tell(say.tubefirst, "owed");
      return sound("tube");
    }
    bind(code);
  }
  async function useTube(tube) {
    const before = tubeNow(), left = tubes.get(before);
    if (before === tube) return tell(say.sametube, "owed");
    field.tube.value = tube;
    count();
    remember();
    tell(say.newtube + " " + tube + (before && left && !left.sealed ? " · " + before + " " + say.leftopen + " " + left.bound + " / " + left.capacity : ""), "done");
    sound("tube");
    if (held) { const waiting = held; held = null; bind(waiting); }
    try {
      const answer = await fetch(say.tube.replace("TUBE", encodeURIComponent(tube)) + "?park=" + encodeURIComponent(say.park), { credentials: "same-origin", cache: "no-store" });
      if (answer.status === 404) { if (!tubes.has(tube)) tubes.set(tube, { bound: 0, capacity: pool() }); return count(); }
      if (!answer.ok) return;
      const told = await answer.json(), mine = queue.filter((item) => item.scan && item.scan.tube === tube).length;
      const known = tubes.get(tube), full = Math.max(told.bound, known && mine === 0 ? known.bound : 0);
      tubes.set(tube, { bound: full, capacity: told.capacity, sealed: Boolean(told.sealed_at) });
      if (tubeNow() !== tube) return;
      if (told.sealed_at || String(told.round) !== field.round.value) {
        field.tube.value = "";
        tell(tube + " · " + (told.sealed_at ? say.tubesealed : say.tubeelsewhere), "late");
        sound("refused");
      }
      count();
    } catch { /* no connection: the server will say when the first scan arrives */ }
  }
  function bind(code) {
    tell("");
    const at = now();
    const scan = { scan_id: newId(), round: Number(field.round.value), point: field.point.value.trim(), tube: tubeNow(),
                   sampled_at: at.toISOString(), device: device(), ...(code.kind === "badge" ? { code: code.text } : { resident_id: code.text }) };
    const row = document.importNode($("scanned").content, true).firstElementChild;
    row.querySelector(".matter-meta").textContent = shown.format(at);
    const item = { scan: scan, row: row, tries: 0, name: "", shown: code.kind === "badge" ? say.badge : "…" + code.text.slice(-4), canUndo: true };
    row.querySelector(".scan-undo-button").addEventListener("click", () => askWhy(item));
    list.prepend(row);
    while (list.children.length > 10) list.lastElementChild.remove();
    $("none").hidden = true;
    show(item, "owed", say.sending);
    queue.push(item);
    remember();
    send();
  }
  function remember() {
    kept(memory, JSON.stringify({ round: field.round.value, point: field.point.value }));
    history.replaceState(null, "", "?" + new URLSearchParams({ round: field.round.value, point: field.point.value, tube: field.tube.value }));
    where();
  }

  // ── sending: in order, one batch at a time; what did not arrive goes again under the same ids ────────────
  function post(url, body) {
    const patience = new AbortController(), token = document.querySelector('meta[name="csrf-token"]');
    const clock = setTimeout(() => patience.abort(), 15000);
    return fetch(url, { method: "POST", credentials: "same-origin", signal: patience.signal, body: JSON.stringify(body),
                        headers: { "Content-Type": "application/json", "X-CSRFToken": token ? token.content : "" } })
      .finally(() => clearTimeout(clock));
  }
  function nextBatch() {
    if (queue[0].undo) return queue.slice(0, 1);
    const end = queue.findIndex((item) => item.undo);
    return queue.slice(0, Math.min(end < 0 ? queue.length : end, 50));
  }
  async function send() {
    clearTimeout(timer);
    if (sending || !queue.length) return;
    sending = true;
    const batch = inFlight = nextBatch(), isUndo = Boolean(batch[0].undo);
    let trouble = "";
    try {
      const answer = isUndo ? await post(say.undo, { park: say.park, ...batch[0].undo })
        : await post(say.scans, { park: say.park, scans: batch.map((item) => item.scan) });
      const told = await answer.json().catch(() => ({}));
      if (answer.ok) {
        queue.splice(0, batch.length);
        pause = 1000;
        hear(told.now);
        if (isUndo) settleUndo(batch[0].item, told); else batch.forEach((item, at) => settle(item, told.answers[at]));
        if (said.dataset.trouble) { delete said.dataset.trouble; tell(""); }
      } else if (answer.status === 401 || !told.refused || answer.status >= 500) {
        trouble = answer.status === 401 || answer.status === 403 ? say.signin : say.lost;
      } else {
        queue.splice(0, batch.length);
        if (isUndo) refuseUndo(batch[0].item, told);
        else batch.forEach((item) => settle(item, { status: "refused", message: told.message, code: told.refused }));
      }
    } catch {
      trouble = say.lost;
    }
    sending = false;
    inFlight = [];
    if (trouble) {
      batch.forEach((item) => { item.tries += 1; show(item.item || item, "owed", isUndo ? say.undoWaiting : say.waiting); });
      tell(trouble, "late");
      said.dataset.trouble = "yes";
      timer = setTimeout(send, pause);
      pause = Math.min(pause * 2, 15000);
    } else if (queue.length) {
      send();
    }
    countPending();
  }
  function settle(item, answer) {
    item.name = answer.name || "";
    item.canUndo = answer.status !== "refused" && answer.code !== "screening.scan_undone" && !item.undoing;
    if (answer.status === "refused") {
      show(item, "late", say.refused + ": " + answer.message);
      tell(answer.message, "late");
      const known = tubes.get(item.scan.tube);
      if (answer.code === "screening.tube_sealed" && known) known.sealed = true;
      return sound(answer.code === "screening.tube_full" ? "full" : answer.code.startsWith("registry.badge") ? "unknown" : "refused");
    }
    tubes.set(item.scan.tube, { bound: answer.bound, capacity: answer.capacity });
    count();
    const place = " · " + answer.tube + " · " + say.position + " " + answer.position;
    if (answer.code === "screening.scan_undone") {
      show(item, "owed", say.undone);
    } else if (answer.code === "screening.already_sampled") {
      show(item, "excused", say.again + place);
      sound("again");
    } else if (answer.code === "screening.walk_in") {
      show(item, "missing", say.walkin + place);
      sound("unknown");
    } else {
      show(item, "done", (answer.status === "repeat" && !item.tries ? say.repeat : say.bound) + place);
      sound("bound");
    }
    if (answer.bound >= answer.capacity && item.scan.tube === tubeNow()) {
      tell(say.full, "missing");
      sound("full");
    }
  }

  // ── undo: with a reason, only while the tube is open; the server keeps the scan and says that it does not count ──
  function askWhy(item) {
    undoing = item;
    $("undo-whom").textContent = (item.name || item.shown) + " · " + item.scan.tube;
    $("undoing").showModal();
  }
  function undo(item, reason) {
    if (!item || !item.canUndo) return;
    item.canUndo = false;
    item.undoing = true;
    const at = queue.indexOf(item);
    if (at >= 0 && item.tries === 0 && !inFlight.includes(item)) {          // it never left this device
      queue.splice(at, 1);
      item.row.classList.add("is-undone");
      show(item, "owed", say.undone);
      return countPending();
    }
    show(item, "owed", say.sending);
    queue.push({ undo: { scan_id: item.scan.scan_id, undo_id: newId(), reason: reason }, item: item, tries: 0 });
    send();
  }
  function settleUndo(item, told) {
    tubes.set(told.tube, { bound: told.bound, capacity: told.capacity });
    count();
    item.row.classList.add("is-undone");
    show(item, "owed", say.undone);
    tell((item.name || item.shown) + " · " + say.undone, "done");
    sound("again");
  }
  function refuseUndo(item, told) {
    item.undoing = false;
    show(item, "done", say.bound + " · " + item.scan.tube);
    tell(told.message, "late");
    sound("refused");
  }

  // ── seal, and on to the next tube ────────────────────────────────────────────────────────────────────────
  async function seal() {
    const tube = tubeNow();
    if (!tube) return tell(say.tubefirst, "missing");
    if (sealing.getAttribute("aria-busy")) return;
    sealing.setAttribute("aria-busy", "true");
    for (let wait = 0; wait < 30 && queue.length; wait += 1) await new Promise((resolve) => setTimeout(resolve, 100));
    try {
      if (queue.length) return tell(say.notyet, "missing");
      const answer = await post(say.seal.replace("TUBE", encodeURIComponent(tube)), { park: say.park });
      const told = await answer.json().catch(() => ({}));
      if (!answer.ok) {
        tell(told.message || say.lost, "late");
        return sound("refused");
      }
      tubes.set(tube, { bound: told.bound, capacity: told.capacity, sealed: true });
      list.querySelectorAll(".scan-undo-button").forEach((button) => { button.hidden = true; });
      field.tube.value = "";
      tell(tube + " · " + told.bound + " / " + told.capacity + " · " + say.sealed, "done");
      sound("tube");
      count();
      remember();
      ready();
    } catch {
      tell(say.lost, "late");
    } finally {
      sealing.removeAttribute("aria-busy");
    }
  }

  // ── ways in: camera, photo, a scanner that types, a thumb ────────────────────────────────────────────────
  const way = $("way"), typed = $("typed");
  const camera = window.scanCamera({
    video: $("video"), wasm: say.wasm, read: read,
    way: (name) => {
      const on = name === "camera" || name === "starting";
      way.textContent = say["way" + name[0].toUpperCase() + name.slice(1)];
      way.dataset.way = name;
      $("picture").hidden = !on;
      $("camera").hidden = name === "insecure" || name === "none" || name === "reader";
      $("photo-way").hidden = on;
      typed.hidden = on && byThumb;
    },
    tools: (has) => { $("torch").hidden = !has.torch; $("switch").hidden = !has.others; $("torch").setAttribute("aria-pressed", "false"); },
  });
  function ready() {
    if (!byThumb) field.id_number.focus({ preventScroll: true });
  }
  function begin() {
    if (!field.round.value || !field.point.value.trim()) { $("where").open = true; return tell(say.choose, "missing"); }
    tell("");
    $("where").open = false;
    $("view").hidden = false;
    remember();
    ready();
    return byThumb || kept("camera") === "on" || !camera.possible() ? camera.start() : way.textContent || $("camera").click();
  }
  $("camera").addEventListener("click", () => {
    if (camera.isOn()) { camera.stop(); kept("camera", "off"); way.textContent = ""; $("picture").hidden = true; $("photo-way").hidden = false; typed.hidden = false; way.textContent = say.wayOff; way.dataset.way = "off"; } else { kept("camera", "on"); camera.start(); }
  });
  $("torch").addEventListener("click", (event) => {
    const on = event.currentTarget.getAttribute("aria-pressed") !== "true";
    event.currentTarget.setAttribute("aria-pressed", String(on));
    camera.torch(on);
  });
  $("switch").addEventListener("click", () => camera.next());
  $("photo").addEventListener("change", async (event) => {
    const file = event.target.files[0];
    if (!file) return;
    tell(say.reading, "owed");
    const text = await camera.photo(file);
    event.target.value = "";
    if (text) { tell(""); read(text, "photo"); } else { tell(say.nothing, "missing"); sound("unknown"); }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.id_number.value;
    if (!codes.tidy(text)) return;
    const again = doubted;
    read(text, "typed");
    if (doubted && doubted !== again) return field.id_number.select();
    field.id_number.value = "";
    if (!typed.hidden && (!byThumb || document.activeElement === $("enter"))) field.id_number.focus({ preventScroll: true });
  });
  field.tube.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();                                   // a scanner ends each code with Enter: go on to the people
    const tube = tubeNow();
    field.tube.value = field.tube.dataset.before || "";
    if (tube) read(tube === field.tube.value ? tube : tube, "typed");
    ready();
  });
  field.tube.addEventListener("focus", () => { field.tube.dataset.before = field.tube.value; });
  document.addEventListener("keydown", (event) => {           // a scanner that types is heard wherever the cursor is
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || event.key === " " || $("undoing").open) return;
    if (event.target.closest("input, select, textarea, summary")) return;
    typed.hidden = false;
    field.id_number.focus({ preventScroll: true });
  });
  $("ask").addEventListener("click", (event) => {
    const as = event.target.closest("[data-as]");
    if (!as) return;
    $("ask").hidden = true;
    if (as.dataset.as === "tube") useTube(asked); else person({ kind: "id", text: asked.toUpperCase() });
  });
  $("undoing").addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-reason]");
    if (!chosen && !event.target.closest("[data-keep]") && event.target !== $("undoing")) return;
    $("undoing").close();
    if (chosen) undo(undoing, chosen.dataset.reason);
  });
  $("type").addEventListener("click", () => { typed.hidden = false; field.id_number.focus(); field.id_number.scrollIntoView({ block: "center" }); });
  $("begin").addEventListener("click", begin);
  sealing.addEventListener("click", seal);
  [sealing, $("type"), $("begin"), $("enter")].forEach((button) => { button.hidden = false; });
  ["input", "change"].forEach((kind) => form.addEventListener(kind, count));
  $("where").addEventListener("change", () => { remember(); });
  window.addEventListener("online", send);
  window.addEventListener("beforeunload", (event) => { if (queue.length) event.preventDefault(); });
  window.addEventListener("pagehide", () => camera.stop());

  // ── where we stand: what the address says, else what this device remembers, else the round that is on ────
  hear(say.now);
  setInterval(() => { $("clock").textContent = shown.format(now()); }, 1000);
  if (!new URLSearchParams(location.search).has("point")) {
    let last = {};
    try { last = JSON.parse(kept(memory) || "{}"); } catch { /* nothing remembered */ }
    const round = Array.from(field.round.options).find((option) => option.value === last.round && "open" in option.dataset);
    if (round) field.round.value = last.round;
    if (last.point) field.point.value = last.point;          // a point that is not offered any more leaves the choice empty
    if (!field.point.value && field.point.options && field.point.options.length) field.point.selectedIndex = 0;
  }
  const tubeBefore = tubeNow();
  where();
  count();
  if (field.round.value && field.point.value.trim()) begin();
  if (tubeBefore) { field.tube.value = ""; useTube(tubeBefore); }
})();
