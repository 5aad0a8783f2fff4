// A worker's own page works without this. With it: a test counts its minutes, nothing is sent twice, and what is reported
// goes through the outbox (field/outbox.js): without network or server it is kept on the phone and sent later, once.
(function () {
  "use strict";
  const own = document.getElementById("own"), box = window.outbox, clock = window.parkClock, PATIENCE = 3000;
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const path = location.pathname, waiting = new Map(), store = self.deviceStore, READABLE = 15 * 60000, LATE = 20 * 60000;

  function say(text, state) {
    const place = document.getElementById("messages"), words = document.createElement("p");
    words.className = "say" + (state ? " is-" + state : "");
    words.textContent = text;
    place.replaceChildren(words);
    place.scrollIntoView({ block: "start" });
  }

  // ── minutes of a test: the page says the same without counting ─────────────────────────────────────────────
  function countMinutes() {
    all("[data-wait]").forEach((place) => {
      const end = Date.now() + 1000 * Number(place.dataset.wait), shown = place.querySelector("b");
      const count = () => {
        const left = Math.max(0, Math.round((end - Date.now()) / 1000));
        if (left) shown.textContent = Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0");
        else { place.textContent = place.dataset.ready; place.classList.add("is-done"); clearInterval(ticking); }
      };
      const ticking = setInterval(count, 1000);
      count();
    });
  }

  // ── without scripts of the outbox (the door, a code that holds no more): nothing is sent twice ─────────────
  document.addEventListener("submit", (event) => {
    const sent = event.target;
    if (event.defaultPrevented || sent.method !== "post" || sent.closest(".outbox") || (own && sent.matches("[data-report], [data-antigen]"))) return;
    if (sent.dataset.sent) return event.preventDefault();
    sent.dataset.sent = "yes";
    setTimeout(() => { all("button", sent).forEach((button) => { button.disabled = true; }); }, 0);
  });
  window.addEventListener("pageshow", () => all("form").forEach((each) => {
    delete each.dataset.sent;
    all("button", each).forEach((button) => { button.disabled = false; });
  }));
  countMinutes();
  if (!own || !box) return;
  const words = own.dataset;
  let forgotten = false;

  // ── the page anew, with what the park says now ─────────────────────────────────────────────────────────────
  function put(text) {
    const page = new DOMParser().parseFromString(text, "text/html"), main = page.querySelector("main");
    if (!main || !page.getElementById("own")) throw new Error("not this page");
    document.querySelector("main").replaceWith(document.importNode(main, true));
    window.scrollTo(0, 0);
    countMinutes();
  }
  async function refresh() {
    const answer = await fetch(path, { credentials: "same-origin", cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    put(await answer.text());
    await showTest();
  }

  // ── a report ───────────────────────────────────────────────────────────────────────────────────────────────
  function degrees(text) {                                     // as people write it: 36.5, 36,5, 36。5, 365, 36.5度
    const bare = text.normalize("NFKC").replace(/\s/g, ""), found = /^(\d{2})[.,。、]?(\d)?(?:°C|℃|C|度)?$/i.exec(bare);
    if (found) return Number(found[1] + "." + (found[2] || 0));
    return /^\d{1,3}(\.\d+)?$/.test(bare) ? Number(bare) : null;
  }
  function send(kind, data, shown, recorded) {
    const id = data.id || box.newId();
    delete data.id;
    waiting.set(id, recorded);
    box.put({ id: id, lane: "own", kind: kind, url: words.api, body: { client_id: id, kind: kind, data: data, device_at: clock.device() }, shown: shown })
      .then((kept) => setTimeout(() => {
        if (waiting.has(id)) say(kept ? words.kept : words.memory, kept ? "missing" : "late");
      }, box.isLost() ? 0 : PATIENCE));
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-report]")) return;
    event.preventDefault();
    const told = new FormData(form), written = String(told.get("other") || "").trim();
    const temperature = degrees(written || String(told.get("temperature") || ""));
    if (temperature === null) return say(words.missing, "late");
    const well = event.submitter && event.submitter.name === "well";
    send("health_report", { temperature: temperature, symptoms: well ? [] : told.getAll("symptoms") },
         { what: words.report, value: temperature.toFixed(1) + " °C" }, words.recorded.replace("TEMPERATURE", temperature.toFixed(1)));
    form.reset();
  });
  document.addEventListener("outbox:told", async (event) => {
    const { id, answer } = event.detail, recorded = waiting.get(id);
    waiting.delete(id);
    if (forgotten) return;
    if (answer.status === "refused") return say(answer.message, "late");
    await refresh().catch(() => null);
    if (!(answer.advice || []).length && recorded) say(recorded, "done");
  });

  // choosing a number takes the written one away, and the other way round
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-report]");
    if (form && event.target.name === "temperature") form.querySelector('input[name="other"]').value = "";
  });
  document.addEventListener("input", (event) => {
    const form = event.target.closest("[data-report]");
    if (form && event.target.name === "other") all('input[name="temperature"]', form).forEach((each) => { each.checked = false; });
  });

  // ── an antigen test: the server keeps its start; where it does not answer, this phone does ─────────────────
  const mine = "own test " + path, hours = (moment) => new Intl.DateTimeFormat("en-GB", { timeZone: words.zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(moment);
  const keepTest = async (test) => store.put("notes", await store.seal(test, await store.key("items")), mine);
  async function keptTest() {
    const kept = await store.get("notes", mine).catch(() => null);
    const test = kept ? await store.unseal(kept, await store.key("items")).catch(() => null) : null;
    return test && clock.now() - new Date(test.at) < 2 * 3600000 ? test : null;
  }
  async function showTest() {
    const test = await keptTest(), form = document.querySelector("[data-antigen]");
    if (!test || !form) return;
    const began = new Date(test.at), read = document.importNode(document.getElementById("test-read").content, true);
    read.querySelector("[data-said]").textContent = words.started.replace("STARTED", hours(began))
      .replace("READABLE", hours(new Date(began.getTime() + READABLE))).replace("LATE", hours(new Date(began.getTime() + LATE)));
    all("button, p, details, .three", form).forEach((each) => each.remove());
    form.append(read);
    form.dataset.began = test.at;
    form.dataset.test = test.id;
  }
  function startOf(form, how) {
    const now = clock.now(), written = form.querySelector('input[name="started"]');
    if (how === "now" || !written || !written.value) return now;
    const local = hours(now).split(":").map(Number), said = written.value.split(":").map(Number);
    let ago = local[0] * 60 + local[1] - said[0] * 60 - said[1];
    if (ago < 0) ago += 24 * 60;
    return ago <= 60 ? new Date(now.getTime() - ago * 60000) : null;
  }
  async function withoutServer(form, button) {
    if (button.name === "start") {
      const at = startOf(form, button.value);
      if (!at) return say(words.startunclear, "late");
      await keepTest({ at: at.toISOString(), id: box.newId() });
      await showTest();
      return box.wake();
    }
    const began = new Date(form.dataset.began), now = clock.now();
    if (button.value !== "positive" && now - began < READABLE) return say(words.early.replace("TIME", hours(new Date(began.getTime() + READABLE))), "late");
    send("antigen", { id: form.dataset.test, result: button.value, started_at: began.toISOString(), read_at: now.toISOString() },
         { what: words.test, value: button.textContent }, words.recordedtest);
    await store.remove("notes", mine).catch(() => null);
    all("button", form).forEach((each) => { each.disabled = true; });
  }
  document.addEventListener("submit", async (event) => {
    const form = event.target, button = event.submitter;
    if (!form.matches("[data-antigen]") || !button) return;
    event.preventDefault();
    if (await keptTest() || box.isLost()) return withoutServer(form, button);
    const told = new FormData(form), patience = new AbortController(), ticking = setTimeout(() => patience.abort(), 8000);
    told.append(button.name, button.value);
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(told), credentials: "same-origin", signal: patience.signal });
      if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
      put(await answer.text());
    } catch {
      await withoutServer(form, button);
    } finally {
      clearTimeout(ticking);
    }
  });

  // ── somebody else's phone: nothing of this page stays on it but what is not sent yet ───────────────────────
  document.addEventListener("click", async (event) => {
    if (!event.target.closest("[data-forget]")) return;
    try {
      await store.forgetPage(path);
    } catch {
      return say(words.notforgotten, "late");
    }
    forgotten = true;
    box.put({ id: box.newId(), lane: "own", kind: "forget", url: words.shut, body: {}, shown: { what: event.target.textContent } });    // after what waits
    document.querySelector("main").replaceChildren(Object.assign(document.createElement("div"), { id: "messages" }));
    document.querySelector(".head > div").replaceChildren();
    say(words.forgotten, "done");
    history.replaceState(null, "", words.start);
  });
  showTest();
  if (document.documentElement.dataset.fromDevice) {          // how many wait says that there is no connection; then it is said once
    box.listed("waiting").then((waits) => say(waits.length ? words.old : words.alone, "missing"));
  }
})();
