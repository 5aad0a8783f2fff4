// What a device has to send, and has not sent yet: kept on it, sent in order, each under an id made here, again and again
// until it is answered. One sender for all open pages. What the server refuses stays until a person decides about it.
//   outbox.put({id, lane, kind, url, body, list?, common?, shown?})   things of one lane arrive in the order of this call;
//   with `list` (the name of a list in the request) up to fifty neighbours go in one. Answers: event "outbox:told".
//   `notYet`: codes of refusals that only mean "too early"; such a thing rests, in a lane of its own, and goes again for half a day.
window.outbox = (function () {
  "use strict";
  const store = self.deviceStore, MOST = 50, PATIENCE = 15000, LONGEST_PAUSE = 30000, REST = 20000, TOO_LATE = 12 * 3600000;
  const meta = document.querySelector('meta[name="who"]'), who = meta ? meta.content : "", name = meta ? meta.dataset.name : "";
  const memory = [];                                           // what the device had no room for: sent first of all from here
  const state = { trouble: "", waiting: 0, refused: 0, others: [], unkept: 0, until: 0, resting: 0 };
  const resting = new Map();                                   // lanes whose first thing came too early: until when, and what was said
  const tabs = window.BroadcastChannel ? new BroadcastChannel("outbox") : null;
  const say = (kind, detail) => document.dispatchEvent(new CustomEvent("outbox:" + kind, { detail: detail }));
  let putting = Promise.resolve(), working = false, again = false, timer = 0, pause = 1000, roomless = false;

  function newId() {                                           // also without https, where crypto.randomUUID is missing
    if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }
  const laneOf = (lane) => lane + " " + who;
  const isMine = (lane) => lane.endsWith(" " + who) || lane.endsWith(" ");

  // ── keeping ────────────────────────────────────────────────────────────────────────────────────────────────
  // Answers true when everything is written on the device, false when there was no room: then it is in memory alone.
  function put(things) {
    const fresh = [].concat(things).map((thing) => ({
      id: thing.id, lane: laneOf(thing.lane), kind: thing.kind, by: who, byName: name, madeAt: window.parkClock.device(), tries: 0,
      state: "waiting", offline: Boolean(thing.offline), list: thing.list || "", notYet: thing.notYet || [],
      content: { url: thing.url, body: thing.body, common: thing.common || {}, shown: thing.shown || {} } }));
    putting = putting.catch(() => null).then(() => keep(fresh));
    return putting.then((kept) => { count().then(() => wake()); return kept; });
  }
  async function keep(fresh) {
    const left = memory.splice(0).concat(fresh);
    try {
      const key = await store.key("items"), rows = [];
      for (const item of left) {
        const row = { ...item, sealed: await store.seal(item.content, key) };
        delete row.content;
        delete row.order;
        rows.push(row);
      }
      await store.within("items", "readwrite", async (table) => {
        for (const row of rows) if (!await store.answered(table.index("id").getKey(row.id))) table.add(row);
      });
      roomless = false;
      return true;
    } catch (wrong) {
      memory.push(...left);
      if (!roomless) say("full", { reason: (wrong && wrong.name) || "" });
      roomless = true;
      return false;
    }
  }
  async function opened(row) {
    if (row.content) return row;
    return { ...row, content: await store.unseal(row.sealed, await store.key("items")) };
  }
  // Everything in a state, of whoever is signed in here, opened, in order; `lane` narrows it.
  async function listed(which, lane) {
    const rows = await store.within("items", "readonly", (table) => store.answered(
      table.index("state").getAll(IDBKeyRange.bound([which], [which, []])))).catch(() => []);
    const mine = rows.sort((a, b) => a.order - b.order).concat(memory.filter((item) => item.state === which))
      .filter((row) => isMine(row.lane) && (!lane || row.lane === laneOf(lane)));
    return Promise.all(mine.map(opened));
  }
  async function change(id, work) {                            // work(row) changes it, or answers null: then it goes
    const here = memory.findIndex((item) => item.id === id);
    if (here >= 0) {
      if (work(memory[here]) === null) memory.splice(here, 1);
    } else {
      await store.within("items", "readwrite", async (table) => {
        const row = await store.answered(table.index("id").get(id));
        if (row) await store.answered(work(row) === null ? table.delete(row.order) : table.put(row));
      });
    }
    await count();
  }
  const markOffline = (id) => change(id, (row) => { row.offline = true; });
  const letGo = (id) => change(id, () => null).then(() => tabs && tabs.postMessage({ changed: true }));
  async function sendAgain(id, corrected) {
    const row = (await listed("refused")).find((item) => item.id === id);
    if (!row) return;
    const content = { ...row.content, body: corrected || row.content.body, told: null };
    const sealed = await store.seal(content, await store.key("items"));
    await change(id, (kept) => { Object.assign(kept, kept.content ? { content: content } : { sealed: sealed }, { state: "waiting", offline: true }); });
    wake();
  }
  async function decide() {                                    // what may never be right: to those that were not taken
    const key = await store.key("items").catch(() => null);
    for (const row of (await listed("waiting")).filter((item) => resting.has(item.lane))) {
      const content = { ...row.content, told: resting.get(row.lane).told }, sealed = await store.seal(content, key);
      resting.delete(row.lane);
      await change(row.id, (kept) => { Object.assign(kept, kept.content ? { content: content } : { sealed: sealed }, { state: "refused" }); });
    }
    return count();
  }
  async function count() {
    let waiting = 0, refused = 0, others = new Map();
    try {
      await store.within("items", "readonly", (table) => new Promise((resolve, reject) => {
        const walk = table.index("state").openKeyCursor();
        walk.onerror = () => reject(walk.error);
        walk.onsuccess = () => {
          const at = walk.result;
          if (!at) return resolve();
          const [which, lane] = at.key;
          if (!isMine(lane)) others.set(lane, (others.get(lane) || 0) + 1);
          else if (which === "refused") refused += 1;
          else waiting += 1;
          at.continue();
        };
      }));
    } catch { /* no store: what waits is in memory */ }
    state.unkept = memory.length;
    state.resting = resting.size;
    state.waiting = waiting + memory.filter((item) => item.state === "waiting").length;
    state.refused = refused + memory.filter((item) => item.state === "refused").length;
    state.others = Array.from(others, ([lane, number]) => ({ by: lane.split(" ").pop(), number: number }));
    say("counted", state);
    return state;
  }

  // ── sending: one page at a time, in order; back-off with jitter; Retry-After is respected by all pages ─────
  const waitUntil = () => { try { return Number(localStorage.getItem("outbox-wait") || 0); } catch { return 0; } };
  function waitFor(milliseconds) {
    try { localStorage.setItem("outbox-wait", String(Date.now() + milliseconds)); } catch { /* this page alone waits */ }
    state.until = Date.now() + milliseconds;
  }
  async function alone(work) {
    if (navigator.locks) return navigator.locks.request("outbox", { ifAvailable: true }, (lock) => lock ? work() : false);
    const mine = newId(), until = () => ({ by: mine, until: Date.now() + PATIENCE + 5000 });   // without https: a lease
    const taken = await store.within("notes", "readwrite", async (table) => {
      const held = await store.answered(table.get("lease"));
      if (held && held.until > Date.now() && held.until < Date.now() + 2 * PATIENCE) return false;
      table.put(until(), "lease");
      return true;
    }).catch(() => true);
    if (!taken) return false;
    const renewing = setInterval(() => store.put("notes", until(), "lease").catch(() => null), 5000);
    return Promise.resolve(work()).finally(() => { clearInterval(renewing); return store.remove("notes", "lease").catch(() => null); });
  }
  async function wake(atOnce) {
    clearTimeout(timer);
    if (working) { again = true; return; }
    const left = Math.min(waitUntil() - Date.now(), 10 * 60000);
    if (left > 0 && (!atOnce || state.trouble === "busy")) { timer = setTimeout(wake, left); return; }
    working = true;
    again = false;
    if (atOnce) resting.clear();
    const done = await alone(sendAll).catch(() => "lost");
    working = false;
    await count();
    if (done === false) timer = setTimeout(wake, 1500);         // another page sends
    else if (again && !state.trouble) wake();
    else if (state.trouble) timer = setTimeout(wake, Math.max(500, waitUntil() - Date.now()));
    else if (resting.size) timer = setTimeout(wake, Math.max(500, Math.min(...Array.from(resting.values(), (each) => each.until)) - Date.now()));
  }
  async function sendAll() {
    for (;;) {
      const lanes = await lanesWaiting();
      if (!lanes.length) return true;
      let answered = false;
      for (const lane of lanes) {
        if (await sendOne(lane)) answered = true;
        else if (state.trouble) return true;
      }
      if (!answered) return true;
      await putting.catch(() => null);
    }
  }
  async function lanesWaiting() {
    const lanes = new Set(memory.filter((item) => item.state === "waiting").map((item) => item.lane));
    try {
      await store.within("items", "readonly", (table) => new Promise((resolve) => {
        const walk = table.index("state").openKeyCursor(IDBKeyRange.bound(["waiting"], ["waiting", []]), "nextunique");
        walk.onerror = resolve;
        walk.onsuccess = () => { if (!walk.result) return resolve(); lanes.add(walk.result.key[1]); walk.result.continue(); };
      }));
    } catch { /* memory alone */ }
    return Array.from(lanes).filter((lane) => isMine(lane) && !((resting.get(lane) || {}).until > Date.now()));
  }
  async function nextBatch(lane) {
    const rows = await store.within("items", "readonly", (table) => store.answered(
      table.index("state").getAll(IDBKeyRange.only(["waiting", lane]), MOST))).catch(() => []);
    if (rows.length < MOST) rows.push(...memory.filter((item) => item.lane === lane && item.state === "waiting"));
    const items = await Promise.all(rows.slice(0, MOST).map(opened)), first = items[0];
    if (!first || !first.list || first.alone) return items.slice(0, 1);
    const end = items.findIndex((item) => item.list !== first.list || item.alone || item.content.url !== first.content.url ||
      JSON.stringify(item.content.common) !== JSON.stringify(first.content.common));
    return end < 0 ? items : items.slice(0, end);
  }
  const token = () => {
    const kept = /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie), written = document.querySelector('meta[name="csrf-token"]');
    return kept ? kept[1] : written ? written.content : "";     // the cookie's is the one that holds after a new sign-in
  };
  function post(url, body, by) {
    const patience = new AbortController(), clock = setTimeout(() => patience.abort(), PATIENCE);
    return fetch(url, { method: "POST", credentials: "same-origin", redirect: "error", signal: patience.signal, body: JSON.stringify(body),
                        headers: { "Content-Type": "application/json", "X-CSRFToken": token(), ...(by ? { "X-Made-By": by } : {}) } })
      .finally(() => clearTimeout(clock));
  }
  async function sendOne(lane) {
    const batch = await nextBatch(lane);
    if (!batch.length) return false;
    const first = batch[0], now = window.parkClock.device();
    const bodies = batch.map((item) => item.offline || item.tries ? { ...item.content.body, offline: true } : item.content.body);
    const asked = first.list ? { ...first.content.common, device_now: now, [first.list]: bodies } : { ...bodies[0], device_now: now };
    const sentAt = Date.now(), sentOffline = new Set(batch.filter((item) => item.offline || item.tries).map((item) => item.id));
    await tried(batch);
    say("sending", batch.map((item) => item.id));
    let answer, told = null;
    try {
      answer = await post(first.content.url, asked, first.by);
      told = await answer.json().catch(() => null);
    } catch {
      return trouble("lost");
    }
    if (told && told.now) say("heard", { now: told.now, at: (sentAt + Date.now()) / 2 });
    return read(batch, answer, told, sentOffline);
  }
  async function read(batch, answer, told, sentOffline) {
    const answers = answer.ok && told ? (batch[0].list ? told.answers : [told]) : null;
    if (answers && answers.length === batch.length) {
      state.trouble = "";
      pause = 1000;
      waitFor(0);
      await settle(batch, answers, sentOffline);
      return true;
    }
    if (answer.status === 429 || answer.status === 503) {
      const asked = Number(answer.headers.get("Retry-After")) || 5;
      return trouble("busy", 1000 * Math.min(asked, 300) * (1 + Math.random() / 2));
    }
    const refused = told && told.refused, first = batch[0];
    if ((first.notYet || []).includes(refused) && new Date(window.parkClock.device()) - new Date(first.madeAt) < TOO_LATE) return rest(first.lane, told);
    if (answer.status === 401 || (answer.status === 403 && (!refused || refused === "api.not_answered"))) return trouble("signedout");
    if (refused === "accounts.somebody_else") return trouble("somebodyelse");
    if (refused === "standing.door_closed") return trouble("door");
    if (!refused || answer.status >= 500 || refused === "web.at_one_moment") return trouble("lost");
    if (batch.length > 1) {                                     // the request was refused as a whole: ask for each alone
      await Promise.all(batch.map((item) => change(item.id, (row) => { row.alone = true; })));
      return true;
    }
    await settle(batch, [{ status: "refused", code: refused, message: told.message, ...told }], sentOffline);
    return true;
  }
  function rest(lane, told) {                                  // the server answers: the other lanes go on
    resting.set(lane, { until: Date.now() + REST * (0.75 + Math.random() / 2), told: { code: told.refused, message: told.message } });
    state.trouble = "";
    pause = 1000;
    waitFor(0);
    return false;
  }
  function trouble(kind, wait) {
    state.trouble = kind;
    waitFor(wait || pause * (0.75 + Math.random() / 2));
    pause = Math.min(pause * 2, LONGEST_PAUSE);
    say("trouble", state);
    return false;
  }
  async function tried(batch) {
    batch.filter((item) => !item.order).forEach((item) => { item.tries += 1; });
    const ids = batch.filter((item) => item.order).map((item) => item.order);
    if (ids.length) await store.within("items", "readwrite", async (table) => {
      for (const order of ids) {
        const row = await store.answered(table.get(order));
        if (row) { row.tries += 1; table.put(row); }
      }
    }).catch(() => null);
  }
  // A refusal of something that this page had already called done goes once more, as what it is: made without connection.
  async function settle(batch, answers, sentOffline) {
    const key = await store.key("items").catch(() => null), outcome = [];
    resting.delete(batch[0].lane);
    for (let at = 0; at < batch.length; at += 1) {
      const item = batch[at], answer = answers[at] || { status: "refused", code: "", message: "" };
      const refused = answer.status === "refused";
      const content = refused ? { ...item.content, told: { code: answer.code, message: answer.message } } : item.content;
      outcome.push({ item: item, answer: answer, refused: refused, sealed: refused && item.order ? await store.seal(content, key) : null, content: content });
    }
    const again = new Set();
    await store.within("items", "readwrite", async (table) => {
      for (const each of outcome.filter((one) => one.item.order)) {
        const row = await store.answered(table.get(each.item.order));
        if (!row) continue;
        if (!each.refused) table.delete(row.order);
        else if (row.offline && !sentOffline.has(row.id)) again.add(row.id);
        else table.put({ ...row, state: "refused", sealed: each.sealed });
      }
    }).catch(() => null);
    for (const each of outcome.filter((one) => !one.item.order)) {
      if (!each.refused) memory.splice(memory.indexOf(each.item), 1);
      else if (each.item.offline && !sentOffline.has(each.item.id)) again.add(each.item.id);
      else Object.assign(each.item, { state: "refused", content: each.content });
    }
    outcome.filter((one) => !again.has(one.item.id)).forEach((one) => {
      const detail = { id: one.item.id, kind: one.item.kind, answer: one.answer };
      say("told", detail);
      if (tabs) tabs.postMessage(detail);
    });
  }

  // ── waking up ──────────────────────────────────────────────────────────────────────────────────────────────
  if (tabs) tabs.onmessage = (event) => { if (event.data.id) say("told", event.data); count(); };
  window.addEventListener("online", () => { pause = 1000; wake(true); });
  window.addEventListener("focus", () => wake(true));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) wake(true); });
  window.addEventListener("beforeunload", (event) => { if (memory.length) event.preventDefault(); });
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => null);
  count().then(() => wake());

  return { put, listed, letGo, decide, sendAgain, markOffline, count, wake, newId, state, who,
           isLost: () => Boolean(state.trouble) || navigator.onLine === false };
})();
