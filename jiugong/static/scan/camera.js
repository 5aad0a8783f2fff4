// Reading codes with the camera, or from a photo. The reader (zxing, in WebAssembly) and its file come from this server.
// scanCamera({video, wasm, read, way, tools}) tells what it read and which way is in use: camera, starting, off, insecure,
// none, denied, busy, reader.
window.scanCamera = function (page) {
  "use strict";
  const FORMATS = ["QRCode", "DataMatrix", "Code128", "Code39", "Code93", "Codabar", "ITF", "EAN13", "PDF417", "Aztec"];
  const WIDEST = 720, PAUSE = 60, FORGET = 1500;           // pixels that are looked at; milliseconds
  const canvas = document.createElement("canvas"), pen = canvas.getContext("2d", { willReadFrequently: true });
  let stream = null, running = 0, lastText = "", lastSeen = 0, devices = [], device = "";

  if (window.ZXingWASM) {
    window.ZXingWASM.prepareZXingModule({ overrides: { locateFile: (path, folder) => path.endsWith(".wasm") ? page.wasm : folder + path } });
  }
  async function decode(image, hard) {
    const found = await window.ZXingWASM.readBarcodes(image, { formats: FORMATS, tryHarder: hard, tryRotate: true, tryInvert: hard, maxNumberOfSymbols: 1, textMode: "Plain" });
    return found.length && found[0].isValid ? found[0].text : "";
  }
  function drawn(source, width, height, widest) {
    const scale = Math.min(1, widest / Math.max(width, height));
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    pen.drawImage(source, 0, 0, canvas.width, canvas.height);
    return pen.getImageData(0, 0, canvas.width, canvas.height);
  }

  // ── camera ───────────────────────────────────────────────────────────────────────────────────────────────
  function possible() {
    if (!window.isSecureContext) return "insecure";
    if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return "none";
    return window.ZXingWASM ? "" : "reader";
  }
  async function start() {
    const cannot = possible();
    if (cannot) return page.way(cannot);
    stop();
    page.way("starting");
    const mine = ++running;
    const wanted = { width: { ideal: 1280 }, height: { ideal: 960 }, ...(device ? { deviceId: { exact: device } } : { facingMode: "environment" }) };
    try {
      const opened = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
      if (mine !== running) return opened.getTracks().forEach((track) => track.stop());
      stream = opened;
    } catch (reason) {
      const ways = { NotAllowedError: "denied", SecurityError: "denied", NotReadableError: "busy", AbortError: "busy" };
      return page.way(ways[reason.name] || "none");
    }
    page.video.srcObject = stream;
    await page.video.play().catch(() => {});
    page.way("camera");
    stream.getVideoTracks()[0].addEventListener("ended", () => { if (mine === running) { stop(); page.way("off"); } });
    offerTools();
    look(mine);
  }
  function stop() {
    running += 1;
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = null;
    page.video.srcObject = null;
    page.tools({ torch: false, others: false });
  }
  async function offerTools() {
    const track = stream && stream.getVideoTracks()[0];
    if (!track) return;
    const can = track.getCapabilities ? track.getCapabilities() : {};
    devices = (await navigator.mediaDevices.enumerateDevices()).filter((each) => each.kind === "videoinput" && each.deviceId);
    device = track.getSettings ? track.getSettings().deviceId || device : device;
    page.tools({ torch: Boolean(can.torch), others: devices.length > 1 });
  }
  async function look(mine) {
    while (mine === running && stream) {
      const video = page.video;
      if (video.readyState >= 2 && video.videoWidth && !document.hidden) {
        try {
          const text = await decode(drawn(video, video.videoWidth, video.videoHeight, WIDEST), false);
          if (mine !== running) return;
          if (text) seen(text);
        } catch {
          stop();
          return page.way("reader");
        }
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
  // A code that stays before the camera is read once; taken away and shown again, it is read again.
  function seen(text) {
    const now = performance.now(), same = text === lastText && now - lastSeen < FORGET;
    lastText = text;
    lastSeen = now;
    if (!same) page.read(text, "camera");
  }

  // ── photo: works without https too ───────────────────────────────────────────────────────────────────────
  async function photo(file) {
    if (!window.ZXingWASM) return page.way("reader");
    try {
      const picture = await createImageBitmap(file);
      let text = "";
      for (const widest of [1000, 2000, 4000]) {
        text = text || await decode(drawn(picture, picture.width, picture.height, widest), true);
        if (Math.max(picture.width, picture.height) <= widest) break;
      }
      picture.close();
      return text;
    } catch {
      return "";
    }
  }

  document.addEventListener("visibilitychange", () => {        // phones take the camera away from a page that nobody sees
    const track = stream && stream.getVideoTracks()[0];
    if (!document.hidden && track && track.readyState === "ended") start();
  });

  return {
    start: start, stop: stop, photo: photo, possible: possible, isOn: () => Boolean(stream),
    torch: (on) => stream && stream.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: on }] }).catch(() => {}),
    next: () => {
      const at = devices.findIndex((each) => each.deviceId === device);
      device = devices[(at + 1) % devices.length].deviceId;
      return start();
    },
  };
};
