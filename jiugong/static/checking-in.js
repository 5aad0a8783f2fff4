// Checking in and out on a worker's own page: what is scanned goes through the outbox with the moment of the scan, so that it
// holds when it is sent later, and is sent once however often somebody taps. Without this the forms send it.
(function () {
  "use strict";
  const place = document.getElementById("checking-in"), box = window.outbox, clock = window.parkClock, PATIENCE = 3000;
  if (!box) return;
  const words = place.dataset, waiting = new Set(), CODE = /(^|\/v\/)V1\.[0-9A-Z]{10,20}\.[0-9]{1,12}\.[0-9A-Z]{12}$/i;
  let last = { text: "", at: 0 };

  function say(text, state) {
    const line = Object.assign(document.createElement("p"), { className: "say is-" + state, textContent: text });
    document.getElementById("messages").replaceChildren(line);
    line.scrollIntoView({ block: "nearest" });
  }
  function send(kind, url, body, shown) {
    const id = box.newId();
    waiting.add(id);
    box.put({ id: id, lane: "own", kind: kind, url: url, body: { client_id: id, device_at: clock.device(), ...body }, shown: shown })
      .then((kept) => setTimeout(() => {
        if (waiting.has(id)) say(kept ? words.kept : words.memory, kept ? "missing" : "late");
      }, box.isLost() ? 0 : PATIENCE));
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-check-in]")) {
      event.preventDefault();
      const text = form.elements.text.value.trim(), now = performance.now();
      form.elements.text.value = "";
      if (!CODE.test(text)) return say(words.none, "late");
      if (text === last.text && now - last.at < 5000) return;       // the camera still sees it, or somebody taps twice
      last = { text: text, at: now };
      send("check_in", words.in, { text: text }, { what: words.what, value: "" });
    } else if (form.matches("[data-leave]")) {
      event.preventDefault();
      form.querySelector("button").disabled = true;
      send("check_out", words.out, { stay: form.dataset.leave }, { what: words.leaving, value: form.dataset.place });
    }
  });
  document.addEventListener("outbox:told", async (event) => {
    const { id, answer } = event.detail;
    if (!waiting.delete(id)) return;
    if (answer.status === "refused") return say(answer.message, "late");
    const fresh = await fetch(location.pathname, { credentials: "same-origin", cache: "no-store" }).then((got) => got.text()).catch(() => "");
    const here = fresh ? new DOMParser().parseFromString(fresh, "text/html").getElementById("here") : null;
    const old = document.getElementById("here"), card = here && document.importNode(here.closest("section"), true);
    if (old) old.closest("section").remove();
    if (card) document.querySelector("main").append(card);
    say(answer.message, "done");
  });
})();
