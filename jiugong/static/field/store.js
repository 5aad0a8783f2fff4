// What this device keeps: one IndexedDB for all our pages and for the worker behind them. The content of a row is sealed
// with a key that no script can read out (AES-GCM). Without https browsers seal nothing: then it lies there as it is.
self.deviceStore = (function () {
  "use strict";
  const subtle = self.crypto && self.crypto.subtle, encoder = new TextEncoder(), decoder = new TextDecoder();
  let opening = null;

  function draw(event) {
    const shelf = event.target.result, items = shelf.createObjectStore("items", { keyPath: "order", autoIncrement: true });
    items.createIndex("id", "id", { unique: true });
    items.createIndex("state", ["state", "lane"]);            // equal ones stand in the order in which they came
    ["keys", "notes"].forEach((name) => shelf.createObjectStore(name));
    ["pages", "rosters"].forEach((name) => shelf.createObjectStore(name, { keyPath: "id" }));
  }
  function open() {
    opening = opening || new Promise((resolve, reject) => {
      const asked = indexedDB.open("jiugong", 1);
      asked.onupgradeneeded = draw;
      asked.onerror = () => reject(asked.error);
      asked.onsuccess = () => {
        const shelf = asked.result;
        shelf.onversionchange = () => { shelf.close(); opening = null; };
        shelf.onclose = () => { opening = null; };
        resolve(shelf);
      };
    });
    opening.catch(() => { opening = null; });
    return opening;
  }
  const answered = (asked) => new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  // Run `work(table)` in one transaction; the answer comes when everything is written, and not before.
  async function within(name, mode, work) {
    const shelf = await open();
    return new Promise((resolve, reject) => {
      const step = shelf.transaction(name, mode, mode === "readwrite" ? { durability: "strict" } : {});
      let result;
      step.oncomplete = () => resolve(result);
      step.onabort = () => reject(step.error || new Error("aborted"));
      Promise.resolve(work(step.objectStore(name))).then((found) => { result = found; }, (wrong) => {
        try { step.abort(); } catch { /* it is over already */ }
        reject(wrong);
      });
    });
  }
  const get = (name, key) => within(name, "readonly", (table) => answered(table.get(key)));
  const all = (name) => within(name, "readonly", (table) => answered(table.getAll()));
  const put = (name, row, key) => within(name, "readwrite", (table) => answered(key === undefined ? table.put(row) : table.put(row, key)));
  const remove = (name, key) => within(name, "readwrite", (table) => answered(table.delete(key)));

  // ── keys: made here, and usable here alone ─────────────────────────────────────────────────────────────────
  async function key(name) {
    if (!subtle) return null;
    const kept = await get("keys", name);
    if (kept) return kept;
    const fresh = await subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    return within("keys", "readwrite", async (table) => {        // another page may have made one meanwhile
      const first = await answered(table.get(name));
      if (!first) table.put(fresh, name);
      return first || fresh;
    });
  }
  async function seal(value, kept) {
    if (!kept) return { plain: value };
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv: iv, data: await subtle.encrypt({ name: "AES-GCM", iv: iv }, kept, encoder.encode(JSON.stringify(value))) };
  }
  async function unseal(sealed, kept) {
    if (sealed.plain !== undefined) return sealed.plain;
    return JSON.parse(decoder.decode(await subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, kept, sealed.data)));
  }

  // Everything of these owners goes, but what is not sent yet: that lies under a key of its own.
  async function drop(isGone) {
    for (const name of ["pages", "rosters"]) {
      await within(name, "readwrite", async (table) => {
        (await answered(table.getAll())).filter((row) => isGone(row.owner)).forEach((row) => table.delete(row.id));
      });
    }
    for (const name of ["notes", "keys"]) {
      await within(name, "readwrite", async (table) => {
        (await answered(table.getAllKeys())).filter((each) => each.startsWith("of ") && isGone(each.slice(3)))
          .forEach((each) => table.delete(each));
      });
    }
  }
  // `keep` is the account that is signed in here, or "". When another one comes, or one goes, workers' own pages go as well:
  // the phone is in other hands. It is written down after they went, so that whoever is interrupted does it again.
  async function forget(keep) {
    const changed = await get("notes", "account") !== keep;
    await drop((owner) => owner.startsWith("user:") ? owner !== keep : changed && owner.startsWith("own:"));
    if (changed) await put("notes", keep, "account");
  }
  // One worker's page: `path` is its address. A test that he began goes with it.
  async function forgetPage(path) {
    const row = await get("pages", path);
    await remove("notes", "own test " + path);
    if (row) await drop((owner) => owner === row.owner);
  }

  return { answered, within, get, all, put, remove, key, seal, unseal, forget, forgetPage, seals: Boolean(subtle) };
})();
