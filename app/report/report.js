"use strict";
(() => {
  const root = document.documentElement;
  const figures = JSON.parse(document.getElementById("figures").textContent);
  const wantsDark = window.matchMedia("(prefers-color-scheme: dark)");
  const chosenScale = new Map();
  let themeChosen = null;

  // ---- theme -------------------------------------------------------------------------------------------------
  const theme = () => themeChosen ?? (wantsDark.matches ? "dark" : "light");
  function applyTheme(name = theme()) {
    root.dataset.theme = name;
    const button = document.getElementById("theme");
    button.textContent = name === "dark" ? "Light" : "Dark";
    button.setAttribute("aria-label", `Switch to the ${name === "dark" ? "light" : "dark"} theme`);
  }
  applyTheme();

  // ---- figures -----------------------------------------------------------------------------------------------
  const probe = document.createElement("i");
  probe.hidden = true;
  document.body.append(probe);
  function role(name) {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  }
  function painted(node) {
    if (Array.isArray(node)) return node.map(painted);
    if (typeof node === "string" && node.startsWith("role:")) return role(node.slice(5));
    if (node === null || typeof node !== "object") return node;
    const copy = {};
    for (const [key, value] of Object.entries(node)) {
      const isText = typeof value === "string" && !/color/i.test(key);
      copy[key] = isText || key === "x" || key === "y" || key === "z" || key === "text" ? value : painted(value);
    }
    return copy;
  }

  function signedLog(threshold) {
    return (v) => (v === null || v === undefined ? v : Math.sign(v) * Math.log10(1 + Math.abs(v) / threshold));
  }

  function signedLogTicks(threshold, values) {
    let most = threshold * 10;
    for (const v of values) if (v !== null && Math.abs(v) > most) most = Math.abs(v);
    const first = Math.ceil(Math.log10(threshold)), last = Math.floor(Math.log10(most));
    const step = Math.max(1, Math.ceil((last - first + 1) / 4));
    const sizes = [];
    const place = signedLog(threshold), crowded = 0.08 * place(most);
    for (let k = last; k >= first; k -= step) if (place(10 ** k) > crowded) sizes.push(10 ** k);
    const ticks = [0];
    for (const s of sizes) {
      if (values.some((v) => v > 0)) ticks.push(s);
      if (values.some((v) => v < 0)) ticks.push(-s);
    }
    ticks.sort((a, b) => a - b);
    const name = (v) => (v === 0 ? "0" : Math.abs(v) >= 1e-3 && Math.abs(v) < 1e5 ? String(Number(v.toPrecision(6))) : v.toExponential(0));
    return { tickmode: "array", tickvals: ticks.map(place), ticktext: ticks.map(name) };
  }

  function onScale(figure, data, layout, kind) {
    if (!figure.scale) return;
    const scale = figure.scale;
    if (kind === "log") {
      layout.yaxis.type = "log";
    } else if (kind === "clip" || (kind === "linear" && scale.kind === "linear")) {
      layout.yaxis.range = [scale.low, scale.high];
    } else if (kind === "symlog") {
      const map = signedLog(scale.threshold), values = [];
      for (const trace of data) {
        if (trace.yaxis || !trace.y) continue;
        for (const v of trace.y) values.push(v);
        trace.y = trace.y.map(map);
      }
      for (const shape of layout.shapes ?? []) if (shape.yref === "y") { shape.y0 = map(shape.y0); shape.y1 = map(shape.y1); }
      Object.assign(layout.yaxis, signedLogTicks(scale.threshold, values));
    }
  }

  function assembled(figure) {
    const kind = chosenScale.get(figure.id) ?? figure.scale?.kind ?? "linear";
    const data = painted(figure.data), extra = painted(figure.layout);
    const axis = { gridcolor: role("grid"), zerolinecolor: role("grid"), linecolor: role("rule"), color: role("muted"), exponentformat: "power", minexponent: 5 };
    const layout = {
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", height: figure.height,
      font: { family: getComputedStyle(document.body).fontFamily, size: 12.5, color: role("ink") },
      margin: { l: 58, r: 14, t: 12, b: 46 }, hovermode: "closest", dragmode: "zoom",
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", bgcolor: "rgba(0,0,0,0)" },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: role("faint"), activecolor: role("ink") },
      hoverlabel: { bgcolor: role("card"), bordercolor: role("rule"), font: { color: role("ink") }, align: "left" },
      ...extra,
    };
    layout.xaxis = { ...axis, zeroline: false, ...extra.xaxis };
    layout.yaxis = { ...axis, ...extra.yaxis };
    onScale(figure, data, layout, kind);
    return { data, layout };
  }

  const config = { responsive: true, displaylogo: false, modeBarButtons: [["toImage", "zoom2d", "pan2d", "resetScale2d"]] };
  const still = new Set(["score", "cost"]);
  async function draw(figure) {
    const place = document.getElementById(`plot-${figure.id}`);
    place.classList.remove("waiting");
    if (!place.classList.contains("js-plotly-plot")) place.textContent = "";
    const { data, layout } = assembled(figure);
    await window.Plotly.react(place, data, layout, { ...config, displayModeBar: !still.has(figure.id) && place.clientWidth > 520 ? "hover" : false });
  }
  const drawAll = () => Promise.all(figures.map(draw));

  function scaleButtons(figure) {
    const own = figure.scale?.kind;
    if (!own || own === "linear") return;
    const names = { log: "log", symlog: "log ±", clip: "cut", linear: "all" };
    const kinds = [own, "linear", ...(own === "clip" ? ["symlog"] : [])];
    const place = document.getElementById(`scales-${figure.id}`);
    for (const kind of kinds) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = names[kind];
      button.setAttribute("aria-pressed", String(kind === own));
      button.addEventListener("click", () => {
        chosenScale.set(figure.id, kind);
        for (const other of place.children) other.setAttribute("aria-pressed", String(other === button));
        draw(figure);
      });
      place.append(button);
    }
  }

  // ---- plotly, packed into this page ---------------------------------------------------------------------------
  async function unpackPlotly() {
    if (typeof DecompressionStream !== "function") throw new Error("this browser is too old to unpack the plots (it needs DecompressionStream)");
    const packed = atob(document.getElementById("plotly").textContent.trim());
    const bytes = Uint8Array.from(packed, (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.textContent = await new Response(stream).text();
    document.head.append(script);
    if (!window.Plotly) throw new Error("the plotting code in this page could not be run");
  }

  async function start() {
    if (!figures.length) return;
    try {
      await unpackPlotly();
      figures.forEach(scaleButtons);
      await drawAll();
      root.dataset.plots = "drawn";
    } catch (error) {
      root.dataset.plots = "failed";
      for (const place of document.querySelectorAll(".plot.waiting")) {
        place.textContent = `No plot here: ${error.message}. The text and the tables of this page are complete without it.`;
      }
    }
  }

  // ---- buttons, printing ---------------------------------------------------------------------------------------
  document.getElementById("theme").addEventListener("click", () => {
    themeChosen = theme() === "dark" ? "light" : "dark";
    applyTheme();
    if (window.Plotly) drawAll();
  });
  wantsDark.addEventListener("change", () => { if (!themeChosen) { applyTheme(); if (window.Plotly) drawAll(); } });
  window.addEventListener("beforeprint", () => {
    applyTheme("light");
    for (const fold of document.querySelectorAll("details.print")) fold.open = true;
    if (window.Plotly) drawAll();
  });
  window.addEventListener("afterprint", () => { applyTheme(); if (window.Plotly) drawAll(); });

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      if (!done) throw new Error("not allowed");
    }
  }
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.addEventListener("click", async () => {
      const before = button.textContent;
      try {
        await copy(document.getElementById(button.dataset.copy).textContent);
        button.textContent = "Copied";
      } catch {
        button.textContent = "Select it by hand";
      }
      setTimeout(() => { button.textContent = before; }, 1600);
    });
  }
  start();
})();
