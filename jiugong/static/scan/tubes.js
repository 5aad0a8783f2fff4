// How full each tube is: what the server said last, and what this device has bound since and not been answered for. It is
// kept on the device, sealed, so that a page which opens without a connection knows it too.
window.scanTubes = function (changed) {
  "use strict";
  const store = self.deviceStore, name = "of " + window.outbox.who, tubes = new Map(), waiting = new Map(), seen = new Set(), marks = new Map();
  let saving = 0;

  const known = (tube) => tubes.get(tube) || null;
  const pending = (tube) => { let sum = 0; waiting.forEach((each) => { if (each.tube === tube) sum += each.by; }); return sum; };
  const bound = (tube) => (known(tube) ? known(tube).bound : 0) + pending(tube);
  function save() {
    clearTimeout(saving);
    saving = setTimeout(async () => {
      const told = { tubes: Array.from(tubes).slice(-200), seen: Array.from(seen).filter((each) => !each.includes("raw ")), marks: Array.from(marks) };   // never a number
      await store.put("notes", await store.seal(told, await store.key(name)), name).catch(() => null);
    }, 200);
  }
  async function load() {
    const kept = await store.get("notes", name).catch(() => null);
    if (!kept) return;
    const told = await store.unseal(kept, await store.key(name)).catch(() => null);
    if (!told) return;
    told.tubes.forEach(([tube, each]) => { if (!tubes.has(tube)) tubes.set(tube, each); });
    told.seen.forEach((each) => seen.add(each));
    (told.marks || []).forEach(([id, each]) => { if (!marks.has(id)) marks.set(id, each); });
  }
  function hear(tube, told) {
    const before = known(tube) || {};
    tubes.set(tube, { bound: told.bound, capacity: told.capacity, sealed: Boolean(told.sealed || before.sealed) });
    save();
    changed();
  }
  function add(id, tube, by, capacity) {
    if (!known(tube)) tubes.set(tube, { bound: 0, capacity: capacity, sealed: false });
    waiting.set(id, { tube: tube, by: by });
    save();
    changed();
  }
  function answered(id, told) {
    waiting.delete(id);
    if (marks.delete(id)) save();
    if (told && told.tube && told.capacity) return hear(told.tube, told);
    changed();
  }
  function seal(tube, capacity) {
    tubes.set(tube, { ...(known(tube) || { bound: 0, capacity: capacity }), sealed: true });
    save();
  }
  const marked = (id) => marks.get(id) || "";                 // what this device said of a scan that is not answered yet
  function mark(id, word) {
    if (!word) return;
    marks.set(id, word);
    save();
  }
  return { known, bound, pending, marked, mark, load, hear, add, answered, seal, seen, save };
};
