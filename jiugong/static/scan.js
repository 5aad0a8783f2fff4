// The scanner's page: each scan is sent at once under an id of its own, and again under the same id until it arrived.
// Works with thumbs and with scanners that type like a keyboard. Texts come from the page, so that they are translated.
(function () {
  "use strict";
  const form = document.getElementById("scanner");
  if (!form) return;
  const $ = (id) => document.getElementById(id);
  const say = form.dataset, field = form.elements;
  const fill = $("fill"), bound = $("bound"), said = $("said"), list = $("scans"), pending = $("pending"), sealing = $("seal");
  const queue = [], tubes = new Map();                       // what has not arrived; how full each tube is
  let sending = false, pause = 1000, timer = 0, doubted = "";

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
  function device() {
    try {
      if (!localStorage.getItem("device")) localStorage.setItem("device", "web-" + newId().slice(0, 8));
      return localStorage.getItem("device");
    } catch { return "web"; }
  }

  // ── sounds: one high = bound, two = already sampled, falling = unknown, long low = refused or full ───────
  const SOUNDS = {
    bound: [[880, 0, 0.09]], again: [[660, 0, 0.08], [660, 0.14, 0.08]],
    unknown: [[700, 0, 0.12], [500, 0.14, 0.12], [350, 0.28, 0.16]], refused: [[180, 0, 0.5]],
  };
  let audio = null;
  function sound(kind) {
    try {
      audio = audio || new (window.AudioContext || window.webkitAudioContext)();
      if (audio.state === "suspended") audio.resume();
      SOUNDS[kind].forEach(([pitch, after, length]) => {
        const tone = audio.createOscillator(), loudness = audio.createGain(), at = audio.currentTime + after;
        tone.frequency.value = pitch;
        tone.type = kind === "refused" ? "square" : "sine";
        loudness.gain.setValueAtTime(0.25, at);
        loudness.gain.exponentialRampToValueAtTime(0.001, at + length);
        tone.connect(loudness).connect(audio.destination);
        tone.start(at);
        tone.stop(at + length);
      });
    } catch { /* a machine without sound still shows words */ }
    if (navigator.vibrate) navigator.vibrate(kind === "bound" ? 40 : [80, 60, 80]);
  }

  // ── what the scanner sees ────────────────────────────────────────────────────────────────────────────────
  function icon(state) {
    return document.importNode(document.querySelector(`template[data-icon="${state}"]`).content, true);
  }
  function tell(text, state) {
    said.className = text ? "m-0 state text-wrap state-" + (state || "late") : "m-0";
    said.replaceChildren(...(text ? [icon(state || "late"), document.createTextNode(text)] : []));
  }
  function show(item, state, word) {
    const badge = item.row.querySelector(".state"), name = item.name || "…" + item.scan.resident_id.slice(-4);
    badge.className = "state state-" + state;
    badge.replaceChildren(icon(state));
    item.row.querySelector(".matter-text").textContent = name + " · " + word;
    item.row.dataset.state = state;
  }
  function count() {
    const chosen = field.round.selectedOptions[0], known = tubes.get(code(field.tube.value));
    const capacity = known ? known.capacity : Number((chosen && chosen.dataset.pool) || 20);
    bound.textContent = (known ? known.bound : "–") + " / " + capacity;
    fill.hidden = !known;
    fill.max = capacity;
    fill.value = known ? known.bound : 0;
  }
  function countPending() {
    pending.hidden = !queue.some((item) => item.tries > 0);
    pending.querySelector("b").textContent = String(queue.length);
  }
  const code = (text) => text.normalize("NFKC").replace(/\s/g, "");

  // ── a mistyped resident ID is asked for once more before it is kept as a walk-in ─────────────────────────
  function cannotBe(number) {
    if (!/^\d{17}[\dX]$/.test(number)) return false;
    const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const sum = weights.reduce((total, weight, at) => total + weight * Number(number[at]), 0);
    return "10X98765432"[sum % 11] !== number[17];
  }

  function take(event) {
    event.preventDefault();
    const number = code(field.id_number.value).toUpperCase(), tube = code(field.tube.value);
    if (!field.round.value || !field.point.value.trim() || !tube || !number) {
      tell(say.choose, "missing");
      return (!field.point.value.trim() ? field.point : !tube ? field.tube : field.id_number).focus();
    }
    if (cannotBe(number) && doubted !== number) {
      doubted = number;
      tell(say.doubtful, "missing");
      sound("unknown");
      return field.id_number.select();
    }
    doubted = "";
    tell("");
    const scan = { scan_id: newId(), round: Number(field.round.value), point: field.point.value.trim(), tube: tube,
                   resident_id: number, sampled_at: new Date().toISOString(), device: device() };
    const row = document.importNode($("scanned").content, true).firstElementChild;
    row.querySelector(".matter-meta").textContent = new Date().toTimeString().slice(0, 8);
    const item = { scan: scan, row: row, tries: 0, name: "" };
    list.prepend(row);
    while (list.children.length > 10) list.lastElementChild.remove();
    $("none").hidden = true;
    show(item, "owed", say.sending);
    queue.push(item);
    field.id_number.value = "";
    field.id_number.focus();
    remember();
    send();
  }
  function remember() {
    const chosen = new URLSearchParams({ round: field.round.value, point: field.point.value, tube: field.tube.value });
    history.replaceState(null, "", "?" + chosen);
  }

  // ── sending: in order, one batch at a time; what did not arrive goes again under the same ids ────────────
  function post(url, body) {
    const patience = new AbortController(), token = document.querySelector('meta[name="csrf-token"]');
    const clock = setTimeout(() => patience.abort(), 15000);
    return fetch(url, { method: "POST", credentials: "same-origin", signal: patience.signal, body: JSON.stringify(body),
                        headers: { "Content-Type": "application/json", "X-CSRFToken": token ? token.content : "" } })
      .finally(() => clearTimeout(clock));
  }
  async function send() {
    clearTimeout(timer);
    if (sending || !queue.length) return;
    sending = true;
    const batch = queue.slice(0, 50);
    let trouble = "";
    try {
      const answer = await post(say.scans, { park: say.park, scans: batch.map((item) => item.scan) });
      const told = await answer.json().catch(() => ({}));
      if (answer.ok) {
        queue.splice(0, batch.length);
        pause = 1000;
        batch.forEach((item, at) => settle(item, told.answers[at]));
        if (said.dataset.trouble) { delete said.dataset.trouble; tell(""); }
      } else if (answer.status === 401 || !told.refused || answer.status >= 500) {
        trouble = answer.status === 401 || answer.status === 403 ? say.signin : say.lost;
      } else {
        queue.splice(0, batch.length);
        batch.forEach((item) => settle(item, { status: "refused", message: told.message, code: told.refused }));
      }
    } catch {
      trouble = say.lost;
    }
    sending = false;
    if (trouble) {
      batch.forEach((item) => { item.tries += 1; show(item, "owed", say.waiting); });
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
    if (answer.status === "refused") {
      show(item, "late", say.refused + ": " + answer.message);
      tell(answer.message, "late");
      return sound("refused");
    }
    tubes.set(item.scan.tube, { bound: answer.bound, capacity: answer.capacity });
    count();
    const place = " · " + answer.tube + " · " + say.position + " " + answer.position;
    if (answer.code === "screening.already_sampled") {
      show(item, "excused", say.again + place);
      sound("again");
    } else if (answer.code === "screening.walk_in") {
      show(item, "missing", say.walkin + place);
      sound("unknown");
    } else {
      show(item, "done", (answer.status === "repeat" && !item.tries ? say.repeat : say.bound) + place);
      sound("bound");
    }
    if (answer.bound >= answer.capacity && item.scan.tube === code(field.tube.value)) {
      tell(say.full, "missing");
      sound("refused");
    }
  }

  async function seal() {
    const tube = code(field.tube.value);
    if (!tube) return field.tube.focus();
    if (queue.length) return tell(say.notyet, "missing");
    sealing.setAttribute("aria-busy", "true");
    try {
      const answer = await post(say.seal.replace("TUBE", encodeURIComponent(tube)), { park: say.park });
      const told = await answer.json().catch(() => ({}));
      if (!answer.ok) {
        tell(told.message || say.lost, "late");
        return sound("refused");
      }
      tell(tube + " · " + told.bound + " / " + told.capacity + " · " + say.sealed, "done");
      field.tube.value = "";
      count();
      remember();
      field.tube.focus();
    } catch {
      tell(say.lost, "late");
    } finally {
      sealing.removeAttribute("aria-busy");
    }
  }

  form.addEventListener("submit", take);
  sealing.hidden = false;
  sealing.addEventListener("click", seal);
  field.tube.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();                                   // a scanner ends each code with Enter: go on to the people
    field.id_number.focus();
  });
  ["input", "change"].forEach((kind) => form.addEventListener(kind, count));
  window.addEventListener("online", send);
  window.addEventListener("beforeunload", (event) => { if (queue.length) event.preventDefault(); });
  count();
  (field.tube.value ? field.id_number : field.tube).focus();
})();
