// The round's roster on this device: who shows a badge, without asking the server. It holds names and short keyed hashes of
// badges' codes, and nothing of ID numbers: those are so few that any hash of them is soon guessed. It lies sealed under a key
// of this session and round, and goes when the round ends or somebody signs out.
window.scanRoster = function (say, seen) {
  "use strict";
  const store = self.deviceStore, subtle = self.crypto && self.crypto.subtle, owner = window.outbox.who;
  const FRESH = 30 * 60 * 1000, REST = 60 * 1000, LONGEST_TIMER = 2 ** 31 - 1;
  let people = null, match = null, ends = 0, timer = 0, asking = false, askedFor = "", askedAt = 0;

  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const now = () => window.parkClock.now().getTime();
  const named = (code) => code.kind === "badge" ? "badge:" + (/([0-9A-Z]{12}\.[0-9A-Z]{12})\/?(?:[?#].*)?$/.exec(code.text.toUpperCase()) || [""])[0].slice(0, 25)
    : "id:" + code.text.toUpperCase();
  async function hashed(code) {                                // "raw" is for this page's memory alone: tubes.js writes none down
    if (!match || code.kind !== "badge") return "raw " + named(code);
    const signed = new Uint8Array(await subtle.sign("HMAC", match, new TextEncoder().encode(named(code))));
    return btoa(String.fromCharCode(...signed.slice(0, 6)));
  }
  async function drop() {                                      // what is over goes, of whomever
    for (const row of await store.all("rosters").catch(() => [])) {
      if (row.until <= now() || row.owner !== owner) await store.remove("rosters", row.id).catch(() => null);
    }
    if (people && ends <= now()) { people = match = null; document.dispatchEvent(new CustomEvent("roster:gone")); }
  }
  function use(row, told) {
    people = new Map();
    match = row.match;
    ends = row.until;
    told.people.forEach(([name, team, sampled, ...hashes]) => hashes.forEach((hash) => people.set(hash, { name: name, team: told.teams[team], sampled: Boolean(sampled) })));
    clearTimeout(timer);
    timer = setTimeout(drop, Math.min(Math.max(ends - now(), 0) + 500, LONGEST_TIMER));
    document.dispatchEvent(new CustomEvent("roster:here", { detail: told.people.length }));
  }
  async function load(round) {
    await drop();
    const id = say.park + ":" + round;
    if (!subtle || !round) return;
    const row = await store.get("rosters", id).catch(() => null);
    people = match = null;
    if (row) await store.unseal(row.sealed, row.key).then((told) => use(row, told), () => null);
    if (!row || Date.now() - row.keptAt > FRESH) await ask(round, id);
  }
  async function ask(round, id) {
    if (asking || window.outbox.isLost() || (askedFor === id && Date.now() - askedAt < REST)) return;
    asking = true;
    askedFor = id;
    askedAt = Date.now();
    try {
      const answer = await fetch(say.roster.replace("999999", String(round)) + "?park=" + encodeURIComponent(say.park), { credentials: "same-origin", cache: "no-store" });
      if (!answer.ok) return;
      const told = await answer.json(), until = new Date(told.until).getTime();
      if (until <= now()) return;                              // it is over: nothing to keep
      const key = await subtle.importKey("raw", bytes(told.key), "AES-GCM", false, ["encrypt", "decrypt"]);
      const row = { id: id, owner: owner, until: until, keptAt: Date.now(), key: key,
                    match: await subtle.importKey("raw", bytes(told.match), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]) };
      row.sealed = await store.seal({ people: told.people, teams: told.teams }, key);
      use(row, told);
      await store.put("rosters", row);                         // no room: then it is in memory alone
    } catch { /* no connection: as before */ } finally {
      asking = false;
    }
  }
  // {name, team, sampled, known}: `known` is undefined where this device cannot say: no roster here, or an ID number. Who was
  // scanned here in this round already is known of both, as long as this page is open or the scan waits in the outbox.
  async function find(code, round) {
    if (people && ends <= now()) await drop();
    const hash = await hashed(code), found = people ? people.get(hash) : null, mark = say.park + ":" + round + " " + hash;
    return { name: found ? found.name : "", team: found ? found.team : "", known: people && code.kind === "badge" ? Boolean(found) : undefined,
             sampled: Boolean((found && found.sampled) || seen.has(mark)), mark: mark };
  }
  return { load, find, drop, has: () => Boolean(people) };
};
