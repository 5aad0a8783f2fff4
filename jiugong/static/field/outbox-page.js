// What people see of the outbox on every page that may be used without a connection: how much waits and why, and what the
// server did not take, until somebody corrects it or lets it go with a reason. Words: parts/outbox.html.
(function () {
  "use strict";
  const part = document.getElementById("outbox");
  if (!part) return;
  const $ = (name) => part.querySelector(`[data-part="${name}"]`), say = part.dataset, box = window.outbox;
  const counters = document.querySelectorAll("[data-outbox-count]");
  let refused = [], letting = null, shownAt = 0, settling = 0;

  function line(name, text) {
    const place = $(name);
    place.hidden = !text;
    if (text && place.querySelector("b").textContent !== text) place.querySelector("b").textContent = text;
  }
  function show(state) {
    const number = String(state.waiting), busy = state.waiting && !state.trouble;
    counters.forEach((place) => {
      place.hidden = !state.waiting || (busy && performance.now() - shownAt < 1200);
      place.querySelector("b").textContent = number;
    });
    if (!state.waiting) shownAt = performance.now();
    else if (busy) { clearTimeout(settling); settling = setTimeout(() => show(box.state), 1300); }
    const why = navigator.onLine === false && !["signedout", "somebodyelse", "door"].includes(state.trouble) ? "lost" : state.trouble;
    line("trouble", state.waiting && why ? say[why].replace("NUMBER", number) : "");
    $("signin").hidden = !(state.waiting && ["signedout", "somebodyelse"].includes(why));
    line("notyet", state.resting ? say.notyet.replace("NUMBER", String(state.resting)) : "");
    line("full", state.unkept ? say.full.replace("NUMBER", String(state.unkept)) : "");
    line("others", state.others.length && box.who ? say.others.replace("NUMBER", String(state.others.reduce((sum, each) => sum + each.number, 0))) : "");
    part.classList.toggle("is-loud", Boolean(state.unkept));
    if (state.refused !== refused.length) list();
  }
  async function list() {
    refused = await box.listed("refused");
    if ($("refused").hidden) $("refused").open = !document.body.classList.contains("scanning");    // there people go on scanning first
    $("refused").hidden = !refused.length;
    $("refused-count").textContent = String(refused.length);
    $("refused-list").replaceChildren(...refused.map((item) => {
      const row = document.importNode($("refused-row").content, true).firstElementChild, told = item.content.told || {};
      row.querySelector("[data-what]").textContent = Object.values(item.content.shown).filter(Boolean).join(" · ");
      row.querySelector("[data-why]").textContent = told.message || told.code || "";
      row.dataset.id = item.id;
      return row;
    }));
  }
  part.addEventListener("click", (event) => {
    const row = event.target.closest("[data-id]"), item = row && refused.find((each) => each.id === row.dataset.id);
    if (event.target.closest("[data-again]") && item) {
      const asked = new CustomEvent("outbox:correct", { detail: item, cancelable: true });
      if (document.dispatchEvent(asked)) box.sendAgain(item.id);
    }
    if (event.target.closest("[data-let-go]") && item) { letting = item; $("why").value = ""; $("letting").showModal(); $("why").focus(); }
    if (event.target.closest("[data-decide]")) box.decide().then(list);
    if (event.target.closest("[data-keep]")) $("letting").close();
  });
  $("letting").addEventListener("submit", (event) => {
    event.preventDefault();
    const reason = $("why").value;
    if (!reason || !letting) return;
    $("letting").close();
    if (letting.kind !== "letgo") tell(letting, reason);
    box.letGo(letting.id).then(list);
  });
  function tell(item, reason) {                                // that it was let go, by whom and when; nothing of what is in it
    let device = "";
    try { device = localStorage.getItem("device") || ""; } catch { /* it has no name */ }
    box.put({ id: box.newId(), lane: "letgo", kind: "letgo", url: say.letgo, shown: { what: $("refused-row").content.querySelector("[data-let-go]").textContent },
              body: { park: say.park, let_go_id: item.id, kind: item.kind, code: (item.content.told || {}).code || "", reason: reason,
                      device: /^web-[0-9a-f]{1,12}$/.test(device) ? device : "", device_at: window.parkClock.device() } });
  }
  document.addEventListener("outbox:counted", (event) => show(event.detail));
  document.addEventListener("outbox:trouble", (event) => show(event.detail));
  document.addEventListener("outbox:full", () => box.count());
  window.addEventListener("offline", () => show(box.state));
  document.addEventListener("clock:heard", () => line("clock", window.parkClock.wrong()));
  line("clock", window.parkClock.wrong());
  box.count();
})();
