// The scanner's page: each scan goes into the outbox under an id of its own, and is answered by the server at once, or by
// this device's roster where nothing answers. A code comes from the camera, a photo, a scanner that types, or a thumb;
// codes.js says what it is. Texts come from the page, so that they are translated. The time is the park's (field/clock.js).
(function () {
  "use strict";
  const form = document.getElementById("scanner");
  if (!form) return;
  const $ = (id) => document.getElementById(id);
  const say = form.dataset, field = form.elements, codes = window.scanCodes, box = window.outbox, clock = window.parkClock;
  const fill = $("fill"), bound = $("bound"), said = $("said"), sealing = $("seal"), sound = window.scanSounds(form);
  const byThumb = matchMedia("(pointer: coarse)").matches, memory = "scan:" + say.park, PATIENCE = 2500;
  const tubes = window.scanTubes(count), roster = window.scanRoster(say, tubes.seen), list = window.scanList(say, undo);
  const undos = new Map(), seals = new Map();
  let doubted = "", held = null, asked = null;

  function kept(name, value) {                               // a private window forgets: fine
    try {
      if (value !== undefined) localStorage.setItem(name, value);
      return localStorage.getItem(name) || "";
    } catch { return ""; }
  }
  const device = () => kept("device") || kept("device", "web-" + box.newId().slice(0, 8)) || "web";
  const shown = new Intl.DateTimeFormat("en-GB", { timeZone: say.zone, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

  // ── what the scanner sees ────────────────────────────────────────────────────────────────────────────────
  function tell(text, state) {
    said.className = "scan-said" + (text ? " state text-wrap state-" + (state || "late") : "");
    said.replaceChildren(...(text ? [list.icon(state || "late"), document.createTextNode(text)] : []));
  }
  const tubeNow = () => codes.tidy(field.tube.value);
  const pool = () => Number((field.round.selectedOptions[0] || { dataset: {} }).dataset.pool || 20);
  const capacityOf = (tube) => (tubes.known(tube) || { capacity: pool() }).capacity;
  const isFull = (tube) => Boolean(tubes.known(tube)) && tubes.bound(tube) >= capacityOf(tube);
  function count() {
    const tube = tubeNow(), known = tubes.known(tube), capacity = known ? known.capacity : pool();
    bound.textContent = (known ? tubes.bound(tube) : "–") + " / " + capacity;
    fill.max = capacity;
    fill.value = known ? tubes.bound(tube) : 0;
    form.classList.toggle("is-full", isFull(tube));
  }
  function where() {
    const words = [field.round.selectedOptions[0] ? field.round.selectedOptions[0].textContent.split(" · ")[0] : "", field.point.value.trim()];
    $("where-words").textContent = words.filter(Boolean).join(" · ");
  }
  function remember() {
    kept(memory, JSON.stringify({ round: field.round.value, point: field.point.value, tube: field.tube.value }));
    history.replaceState(null, "", "?" + new URLSearchParams({ round: field.round.value, point: field.point.value, tube: field.tube.value }));
    where();
  }

  // ── a code was read ──────────────────────────────────────────────────────────────────────────────────────
  function read(text) {
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
      person(code);
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
  function notThisTube(tube, why) {
    if (tubeNow() === tube) field.tube.value = "";
    tell(tube + " · " + why, "late");
    sound("refused");
    count();
  }
  async function useTube(tube) {
    const before = tubeNow(), left = tubes.known(before);
    if (before === tube) return tell(say.sametube, "owed");
    if (box.isLost() && tubes.known(tube) && tubes.known(tube).sealed) return notThisTube(tube, say.tubesealed);
    field.tube.value = tube;
    count();
    remember();
    tell(say.newtube + " " + tube + (before && left && !left.sealed ? " · " + before + " " + say.leftopen + " " + tubes.bound(before) + " / " + left.capacity : ""), "done");
    sound("tube");
    if (held) { const waiting = held; held = null; bind(waiting); }
    try {
      const answer = await fetch(say.tube.replace("TUBE", encodeURIComponent(tube)) + "?park=" + encodeURIComponent(say.park), { credentials: "same-origin", cache: "no-store" });
      if (answer.status === 404) { if (!tubes.known(tube)) tubes.hear(tube, { bound: 0, capacity: pool() }); return; }
      if (!answer.ok) return;
      const told = await answer.json();
      if (!tubes.pending(tube)) tubes.hear(tube, { bound: told.bound, capacity: told.capacity, sealed: Boolean(told.sealed_at) });
      if (tubeNow() === tube && (told.sealed_at || String(told.round) !== field.round.value)) {
        notThisTube(tube, told.sealed_at ? say.tubesealed : say.tubeelsewhere);
      }
    } catch { /* no connection: the server will say when the first scan arrives */ }
  }

  // ── binding: the server answers, or after a moment this device does ──────────────────────────────────────
  async function bind(code) {
    const tube = tubeNow(), lost = box.isLost(), before = isFull(tube);
    if ((lost || tubes.pending(tube) > 0) && (before || (tubes.known(tube) || {}).sealed)) {     // nobody else keeps count now
      tell(before ? say.full : tube + " · " + say.tubesealed, "late");
      return sound(before ? "full" : "refused");
    }
    tell("");
    const scan = { scan_id: box.newId(), round: Number(field.round.value), point: field.point.value.trim(), tube: tube, device_at: clock.device(),
                   device: device(), ...(code.kind === "badge" ? { code: code.text } : { resident_id: code.text }) };
    const item = { id: scan.scan_id, tube: tube, name: "", byNumber: code.kind !== "badge", shown: code.kind === "badge" ? say.badge : "…" + code.text.slice(-4), canUndo: true };
    list.add(item, shown.format(clock.now()));
    list.show(item, "owed", say.sending);
    tubes.add(item.id, tube, 1, capacityOf(tube));
    remember();
    const keeping = box.put({ id: item.id, lane: "screening", kind: "scan", url: say.scans, list: "scans", common: { park: say.park },
                              body: scan, offline: lost, shown: { who: item.shown, tube: tube } });
    item.there = await roster.find(code, scan.round);
    item.kept = await keeping;
    if (lost) return answerHere(item);
    setTimeout(() => { if (!item.answered) { box.markOffline(item.id); answerHere(item); } }, box.isLost() ? 0 : PATIENCE);
  }
  function showHere(item, words) {                           // what this device found, also after it was switched off and on
    const mark = tubes.marked(item.id), state = { again: "excused", unlisted: "missing" }[mark] || "owed";
    list.show(item, state, [{ again: say.again, unlisted: say.unlisted }[mark], words].filter(Boolean).join(" · "));
    return mark;
  }
  const hereInWords = (item) => !item.kept ? say.memory : item.byNumber && !item.name ? say.nameLater : say.here;
  function answerHere(item) {
    if (item.answered) return;
    item.answered = "here";
    const there = item.there, place = " · " + item.tube + " · " + tubes.bound(item.tube) + " / " + capacityOf(item.tube);
    const here = hereInWords(item);
    item.name = there.name;
    item.team = there.team;
    tubes.mark(item.id, there.sampled ? "again" : there.known === false ? "unlisted" : "");
    sound({ again: "again", unlisted: "unknown" }[showHere(item, here + place)] || "bound");
    tubes.seen.add(there.mark);
    if (isFull(item.tube) && item.tube === tubeNow()) {
      tell(say.full, "missing");
      sound("full");
    }
  }
  function settle(id, answer) {
    const item = list.items.get(id);
    tubes.answered(id, answer.status === "refused" ? null : answer);
    if (!item) return;
    const silent = item.answered === "here";
    item.answered = "server";
    item.name = answer.name || item.name;
    item.canUndo = answer.status !== "refused" && answer.code !== "screening.scan_undone" && !item.undoing && !(tubes.known(item.tube) || {}).sealed;
    if (answer.status === "refused") {
      list.show(item, "late", say.refused + ": " + answer.message);
      tell(answer.message, "late");
      if (answer.code === "screening.tube_sealed") tubes.seal(item.tube, pool());
      return sound(answer.code === "screening.tube_full" ? "full" : answer.code.startsWith("registry.badge") ? "unknown" : "refused");
    }
    if (item.there) tubes.seen.add(item.there.mark);
    const [state, word, kind] = verdict(answer, silent);
    list.show(item, item.undoing ? "owed" : state, item.undoing ? say.undone : word + " · " + answer.tube + " · " + say.position + " " + answer.position);
    if (silent) return;
    if (kind) sound(kind);
    if (answer.bound >= answer.capacity && item.tube === tubeNow()) {
      tell(say.full, "missing");
      sound("full");
    }
  }
  function verdict(answer, silent) {
    if (answer.code === "screening.scan_undone") return ["owed", say.undone, ""];
    if (answer.code === "screening.already_sampled") return ["excused", say.again, "again"];
    if (answer.code === "screening.walk_in") return ["missing", say.walkin, "unknown"];
    if (["screening.after_seal", "screening.tube_overfull", "screening.tube_in_other_round"].includes(answer.code)) return ["missing", answer.message, "again"];
    return ["done", answer.status === "repeat" && !silent ? say.repeat : say.bound, "bound"];
  }

  // ── undo: with a reason, only while the tube is open; the server keeps the scan and says that it does not count ──
  function undo(item, reason) {
    const id = box.newId();
    item.canUndo = false;
    item.undoing = true;
    undos.set(id, item);
    if (item.there) tubes.seen.delete(item.there.mark);
    tubes.add(id, item.tube, -1, capacityOf(item.tube));
    list.show(item, "owed", box.isLost() ? say.undoWaiting : say.sending);
    box.put({ id: id, lane: "screening", kind: "undo", url: say.undo, body: { park: say.park, scan_id: item.id, undo_id: id, reason: reason },
              shown: { what: say.undo_, who: item.name || item.shown, tube: item.tube } })
      .then(() => { if (box.isLost()) isUndone(item, say.undoWaiting); });
  }
  function isUndone(item, word) {
    item.row.classList.add("is-undone");
    list.show(item, "owed", word);
  }
  function settleUndo(id, told) {
    const item = undos.get(id);
    tubes.answered(id, told.status === "refused" ? null : told);
    if (!item) return;
    if (told.status === "refused") {
      item.undoing = false;
      item.row.classList.remove("is-undone");
      list.show(item, "done", say.bound + " · " + item.tube);
      tell(told.message, "late");
      return sound("refused");
    }
    isUndone(item, say.undone);
    tell((item.name || item.shown) + " · " + say.undone, "done");
    sound("again");
  }

  // ── seal, and on to the next tube: also without a connection; the server hears of it after the scans ───────
  function seal() {
    const tube = tubeNow(), id = box.newId(), lost = box.isLost();
    if (!tube) return tell(say.tubefirst, "missing");
    if (sealing.getAttribute("aria-busy")) return;
    sealing.setAttribute("aria-busy", "true");
    seals.set(id, { tube: tube, answered: false });
    box.put({ id: id, lane: "screening", kind: "seal", url: say.seal.replace("TUBE", encodeURIComponent(tube)),
              body: { park: say.park }, shown: { what: say.seal_, tube: tube } });
    setTimeout(() => sealedNow(id, null), lost ? 0 : PATIENCE);
  }
  function sealedNow(id, told) {
    const one = seals.get(id);
    if (!one || one.answered) return;
    one.answered = true;
    sealing.removeAttribute("aria-busy");
    if (told && told.status === "refused") { tell(told.message, "late"); return sound("refused"); }
    const tube = one.tube, figures = told || { bound: tubes.bound(tube), capacity: capacityOf(tube) };
    if (told) tubes.hear(tube, { bound: told.bound, capacity: told.capacity, sealed: true }); else tubes.seal(tube, pool());
    list.noMoreUndo(tube);
    if (tubeNow() === tube) field.tube.value = "";
    tell(tube + " · " + figures.bound + " / " + figures.capacity + " · " + (told ? say.sealed : say.sealedHere), "done");
    sound("tube");
    count();
    remember();
    ready();
  }

  // ── what came back ───────────────────────────────────────────────────────────────────────────────────────
  document.addEventListener("outbox:told", (event) => {
    const { id, kind, answer } = event.detail;
    if (kind === "scan") settle(id, answer);
    else if (kind === "undo") settleUndo(id, answer);
    else if (kind === "seal") { sealedNow(id, answer); if (answer.status === "refused") tell(answer.message, "late"); }
    if (!roster.has()) roster.load(field.round.value);
  });
  document.addEventListener("outbox:trouble", () => list.items.forEach((item) => {
    if (!item.answered && item.there && item.kept !== undefined) { box.markOffline(item.id); answerHere(item); }
  }));
  window.scanCorrecting(() => ({ round: Number(field.round.value), point: field.point.value.trim() }));

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
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || event.key === " " || document.querySelector("dialog[open]")) return;
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
  $("type").addEventListener("click", () => { typed.hidden = false; field.id_number.focus(); field.id_number.scrollIntoView({ block: "center" }); });
  $("begin").addEventListener("click", begin);
  sealing.addEventListener("click", seal);
  [sealing, $("type"), $("begin"), $("enter")].forEach((button) => { button.hidden = false; });
  ["input", "change"].forEach((kind) => form.addEventListener(kind, count));
  $("where").addEventListener("change", (event) => { remember(); if (event.target === field.round) roster.load(field.round.value); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) roster.drop(); });
  window.addEventListener("pagehide", () => camera.stop());

  // ── where we stand: what the address says, else what this device remembers, else the round that is on ────
  setInterval(() => { $("clock").textContent = shown.format(clock.now()); }, 1000);
  async function begun() {                                    // what waits from before: its tubes are fuller than the server knows
    await tubes.load();
    await Promise.race([roster.load(field.round.value), new Promise((resolve) => setTimeout(resolve, 1500))]);
    const waiting = await box.listed("waiting", "screening"), shownRows = new Set(waiting.filter((row) => row.kind === "scan").slice(-10));
    const undone = new Map(waiting.filter((row) => row.kind === "undo").map((row) => [row.content.body.scan_id, row.id]));
    waiting.filter((row) => row.kind === "seal").forEach((row) => tubes.seal(row.content.shown.tube, pool()));
    for (const row of waiting) {
      const body = row.content.body;
      if (row.kind === "undo") tubes.add(row.id, row.content.shown.tube, -1, pool());
      if (row.kind !== "scan" || list.items.has(row.id)) continue;
      const code = body.code ? { kind: "badge", text: body.code } : { kind: "id", text: body.resident_id || "" };
      const item = { id: row.id, tube: body.tube, name: "", byNumber: code.kind === "id", shown: row.content.shown.who, canUndo: !undone.has(row.id) && !(tubes.known(body.tube) || {}).sealed, kept: true, answered: "here", there: await roster.find(code, body.round) };
      item.name = item.there.name;
      item.team = item.there.team;
      tubes.add(row.id, body.tube, 1, pool());
      tubes.seen.add(item.there.mark);
      if (!shownRows.has(row)) continue;
      list.add(item, shown.format(clock.right(body.device_at)));
      showHere(item, hereInWords(item) + " · " + body.tube);
      if (!undone.has(row.id)) continue;
      item.undoing = true;
      undos.set(undone.get(row.id), item);
      isUndone(item, say.undoWaiting);
    }
    count();
  }
  const address = new URLSearchParams(location.search);
  let last = {};
  try { last = JSON.parse(kept(memory) || "{}"); } catch { /* nothing remembered */ }
  const choose = (round, point) => {
    if (round && Array.from(field.round.options).some((option) => option.value === round)) field.round.value = round;
    if (point) field.point.value = point;                    // a point that is not offered any more leaves the choice empty
  };
  if (address.has("point")) {
    choose(address.get("round"), address.get("point"));
  } else {
    const open = Array.from(field.round.options).find((option) => option.value === last.round && "open" in option.dataset);
    choose(open ? last.round : "", last.point);
    if (!field.point.value && field.point.options && field.point.options.length) field.point.selectedIndex = 0;
  }
  const tubeBefore = codes.tidy(address.has("tube") ? address.get("tube") : document.documentElement.dataset.fromDevice ? last.tube || "" : field.tube.value);
  field.tube.value = "";
  where();
  count();
  if (field.round.value && field.point.value.trim()) begin();
  begun().then(() => { if (tubeBefore && !tubeNow()) useTube(tubeBefore); });
})();
