// The pictures of an incident, drawn by ECharts (vendored, loaded on this page alone) from rows that stand in the page. Each has a
// table beside it, so that whoever sees no picture misses nothing. Colours are the house's own, by day and by night.
(function () {
  "use strict";
  const read = (id) => JSON.parse(document.getElementById(id)?.textContent || "null");
  const drawn = read("drawn"), words = read("drawn-words");
  if (!drawn || !window.echarts) return;
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const SHADES = {
    incident: "--ink", suspected: "--missing", confirmed: "--late", recovered: "--done", ruled_out: "--owed", contaminated: "--owed",
    close_contact: "--held", contact_of_contact: "--excused", general_contact: "--owed", venue_exposure: "--owed",
    negative: "--done", sampled: "--missing", told: "--ink", retested: "--missing", decided: "--late", sent: "--excused",
    onset: "--late", controlled: "--done",
  };
  const shade = (kind) => token(SHADES[kind] || "--owed");
  const text = () => ({ color: token("--ink"), fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 });
  const axis = () => ({ axisLine: { lineStyle: { color: token("--edge") } }, axisLabel: text(), splitLine: { lineStyle: { color: token("--line") } } });
  const base = () => ({
    animation: !still, textStyle: text(),
    tooltip: { renderMode: "richText", backgroundColor: token("--surface"), borderColor: token("--edge"), textStyle: text() },
  });
  const leaves = (node) => (node.children?.length ? node.children.reduce((sum, each) => sum + leaves(each), 0) : 1);

  const PICTURES = {
    tree(element) {
      const dress = (node) => ({
        name: node.name, children: (node.children || []).map(dress),
        itemStyle: { color: shade(node.kind), borderColor: shade(node.kind) }, lineStyle: { color: token("--edge") },
      });
      element.style.height = `${Math.max(220, 40 + 20 * leaves(drawn.tree))}px`;
      return { ...base(), series: [{
        type: "tree", data: [dress(drawn.tree)], orient: "LR", left: 90, right: 130, top: 10, bottom: 10, symbol: "circle", symbolSize: 9,
        initialTreeDepth: -1, label: { ...text(), position: "left", align: "right", verticalAlign: "middle" },
        leaves: { label: { position: "right", align: "left" } }, expandAndCollapse: false, emphasis: { disabled: true },
      }] };
    },
    curve() {
      const bars = (stage) => ({ name: words[stage], type: "bar", stack: "cases", barMaxWidth: 40, data: drawn.curve[stage],
        itemStyle: { color: shade(stage) } });
      return { ...base(), legend: { textStyle: text(), top: 0 }, grid: { left: 40, right: 16, top: 36, bottom: 28 },
        xAxis: { type: "category", data: drawn.curve.days, ...axis() }, yAxis: { type: "value", minInterval: 1, ...axis() },
        series: [bars("confirmed"), bars("suspected")] };
    },
    timeline(element) {
      element.style.height = `${110 + 44 * drawn.timeline.length}px`;
      const rows = drawn.timeline.map((each, at) => `${at + 1} ${each.name}`);
      const windows = drawn.timeline.map((each, at) => ({
        name: words.window, type: "line", symbol: "none", lineStyle: { width: 8, color: token("--missing"), opacity: .35 }, silent: true,
        data: [[each.since, rows[at]], [each.until, rows[at]]],
      }));
      const kinds = [...new Set(drawn.timeline.flatMap((each) => each.events.map((event) => event.kind)))];
      const events = kinds.map((kind) => {
        const points = drawn.timeline.flatMap((each, at) => each.events.filter((event) => event.kind === kind)
          .map((event) => ({ name: event.word, value: [event.at, rows[at]] })));
        return { name: points[0].name, type: "scatter", symbolSize: 11, data: points, itemStyle: { color: shade(kind) } };
      });
      return { ...base(), legend: { textStyle: text(), top: 0, type: "scroll", data: events.map((each) => each.name) },
        tooltip: { ...base().tooltip, formatter: (point) => `${point.name}\n${String(point.value[0]).replace("T", " ").slice(5, 16)}` },
        grid: { left: 96, right: 24, top: 40, bottom: 32 },
        xAxis: { type: "time", ...axis() }, yAxis: { type: "category", data: rows, inverse: true, ...axis() }, series: [...windows, ...events] };
    },
  };

  const charts = [];
  function draw() {
    charts.splice(0).forEach((each) => each.dispose());
    document.querySelectorAll("[data-picture]").forEach((element) => {
      const option = PICTURES[element.dataset.picture](element);
      const chart = window.echarts.init(element, null, { renderer: "svg" });
      chart.setOption(option);
      charts.push(chart);
    });
  }
  draw();
  addEventListener("resize", () => charts.forEach((each) => each.resize()));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
})();
