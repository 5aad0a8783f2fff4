// The worker behind the pages. Pages that may be kept (the server says so: X-Kept) are served from this device when the
// network or the server is away; they lie sealed in deviceStore, with the name of their owner and an end. Scripts, styles
// and pictures carry a mark of what they hold (?v=…), so what is kept is what was meant, whatever came out since.
(function () {
  "use strict";
  const store = self.deviceStore, PARTS = "parts", OFFLINE = "/offline", PATIENCE = 6000, JUST_NOW = 20000;
  const MARKED = /\/static\/[^\s"'#<>?]+\?v=[0-9a-f]+/g;

  self.addEventListener("install", (event) => event.waitUntil(keepOffline().then(() => self.skipWaiting())));
  self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim().then(refresh)));
  self.addEventListener("message", (event) => {
    if (event.data.keep) event.waitUntil(keep(event.data.keep, event.data.anew).catch(() => null));
    if (event.data.forget !== undefined) event.waitUntil(store.forget(event.data.forget).then(sweep));
  });
  self.addEventListener("fetch", (event) => {
    const address = new URL(event.request.url);
    if (address.origin !== location.origin || event.request.method !== "GET") return;
    if (event.request.mode === "navigate") event.respondWith(page(event, address));
    else if (address.pathname.startsWith("/static/") && address.searchParams.has("v")) event.respondWith(part(event.request));
  });

  // ── parts: what a mark names never changes ─────────────────────────────────────────────────────────────────
  async function part(request) {
    const kept = await caches.match(request, { cacheName: PARTS, ignoreVary: true });
    return kept || fetch(request);
  }
  async function keepParts(text) {
    const cache = await caches.open(PARTS);
    for (const address of new Set(text.match(MARKED) || [])) {
      if (!await cache.match(address, { ignoreVary: true })) await cache.add(address);
    }
  }
  async function keepOffline() {
    const answer = await fetch(OFFLINE, { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    await keepParts(await answer.clone().text());
    await (await caches.open(PARTS)).put(OFFLINE, answer);
  }
  // Parts that no kept page names any more go.
  async function sweep() {
    const named = new Set([OFFLINE]), cache = await caches.open(PARTS);
    const texts = await Promise.all((await store.all("pages")).map((row) => opened(row).catch(() => "")));
    const shown = await cache.match(OFFLINE);
    [...texts, shown ? await shown.text() : ""].forEach((text) => (text.match(MARKED) || []).forEach((each) => named.add(each)));
    for (const request of await cache.keys()) {
      const address = new URL(request.url);
      if (!named.has(address.pathname + address.search)) await cache.delete(request);
    }
  }

  // ── pages ──────────────────────────────────────────────────────────────────────────────────────────────────
  async function keepPage(path, answer) {
    const [owner, seconds] = (answer.headers.get("X-Kept") || "").split(" ");
    if (!owner || answer.redirected) return;
    const text = await answer.text();
    await keepParts(text);                                     // whole, or not at all
    const sealed = await store.seal(text, await store.key("of " + owner));
    await store.put("pages", { id: path, owner: owner, keptAt: Date.now(), until: Date.now() + 1000 * Number(seconds), sealed: sealed });
  }
  async function keep(address, anew) {
    const path = new URL(address, location.origin).pathname, row = await store.get("pages", path).catch(() => null);
    if (row && !anew && Date.now() - row.keptAt < JUST_NOW && Date.now() >= row.keptAt) return;       // it was kept as it was opened
    await keepPage(path, await fetch(path, { credentials: "same-origin", cache: "no-store", redirect: "manual" }));
  }
  // A new worker takes the kept pages anew, so that no phone stays with an old one; what cannot be had stays as it is.
  async function refresh() {
    await keepOffline().catch(() => null);
    for (const row of await store.all("pages")) await keep(row.id).catch(() => null);
    await sweep();
  }
  const opened = async (row) => store.unseal(row.sealed, await store.get("keys", "of " + row.owner));
  async function keptPage(path) {
    const row = await store.get("pages", path).catch(() => null);
    if (!row) return null;
    if (Date.now() > row.until) { await store.remove("pages", path); return null; }
    return opened(row).then((text) => new Response(text.replace("<html ", '<html data-from-device="yes" '), { headers: {
      "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy(), "X-From": "device" } }), () => null);
  }
  const policy = () => "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; " +
    "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

  async function page(event, address) {
    const patience = new AbortController(), kept = await keptPage(address.pathname);
    const clock = kept && setTimeout(() => patience.abort(), PATIENCE);
    try {
      const answer = await fetch(event.request, kept ? { signal: patience.signal } : {});
      if (kept && answer.status >= 500) return kept;
      if (answer.ok && answer.headers.has("X-Kept")) {
        event.waitUntil(keepPage(address.pathname, answer.clone()).catch(() => null));
      }
      return answer;
    } catch {
      return kept || nothing();
    } finally {
      clearTimeout(clock);
    }
  }
  async function nothing() {
    const shown = await caches.match(OFFLINE, { cacheName: PARTS, ignoreVary: true });
    if (!shown) return Response.error();
    return new Response(await shown.text(), { status: 503, headers: {
      "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy(), "X-From": "device" } });
  }
})();
