// Draws the charts of a page, each as wide as its box and in the colours of the page, and again when either changes.
// A chart's own script, which may run before this one, says: fewshotCharts.push([key, figure, height]).
(function () {
  'use strict';
  const early = window.fewshotCharts || [];
  if (!Array.isArray(early)) return; // Another copy of this script is at work.

  const wanted = []; // Charts whose box is not on the page yet.
  const charts = new WeakMap(); // The chart of each box: its figure as text, since plotly.js writes into what it draws.
  const pen = document.createElement('canvas').getContext('2d');

  // Any CSS colour as [red, green, blue, alpha].
  const parse = colour => {
    pen.fillStyle = '#000';
    pen.fillStyle = colour;
    const known = pen.fillStyle;
    return known[0] === '#' ? [1, 3, 5].map(at => parseInt(known.slice(at, at + 2), 16)).concat(1) : known.match(/[\d.]+/g).map(Number);
  };
  const lightness = ([red, green, blue]) => (0.299 * red + 0.587 * green + 0.114 * blue) / 255;

  // What is behind a box; where no element says it, the colour of the text does.
  const behind = box => {
    for (let at = box; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour[3] > 0.5) return colour;
    }
    return lightness(parse(getComputedStyle(box).color)) > 0.5 ? [30, 30, 30, 1] : [255, 255, 255, 1];
  };

  // A figure is made for white paper: its greys, white to black, become those between the page and its text; colours stay.
  const onPaper = paper => colour => {
    const own = parse(colour);
    if (Math.max(...own.slice(0, 3)) - Math.min(...own.slice(0, 3)) > 60) return colour;
    const ink = lightness(paper) > 0.5 ? 0 : 255;
    const mixed = paper.slice(0, 3).map(part => Math.round(part * lightness(own) + ink * (1 - lightness(own))));
    return `rgba(${mixed},${own[3]})`;
  };
  const recolour = (owner, change, isData) => {
    for (const [name, value] of Object.entries(owner)) {
      if (typeof value === 'string') {
        if (/color$/.test(name)) owner[name] = change(value);
        else if (name === 'text') owner[name] = value.replace(/(\bcolor: *)([^;"']+)/g, (_, before, colour) => before + change(colour));
      } else if (value && typeof value === 'object' && !(Array.isArray(value) && typeof value[0] !== 'object')) {
        // The fonts of data stay: their text stands on the data.
        if (!isData || !/font$/.test(name)) recolour(value, change, isData);
      }
    }
  };

  // plotly.js breaks no line, but cuts off what reaches beyond the edge.
  const wrap = (text, size, room) => {
    let bold = false;
    return text.split(/<br *\/?>/i).map(line => {
      bold = /<b>/i.test(line) || (bold && !/<\/b>/i.test(line));
      size = Number((/font-size: *(\d+)px/.exec(line) || [0, size])[1]);
      const width = words => {
        pen.font = `${bold ? 'bold ' : ''}${size}px system-ui, sans-serif`;
        return pen.measureText(words.replace(/<[^>]*>/g, '')).width;
      };
      // Between Chinese characters a line may be broken anywhere.
      const words = line.split(/ (?!%)(?![^<]*>)/).flatMap(word => word.split(/(?<=[\u3000-\u9fff\uff00-\uffef])(?![^<]*>)/)
        .map((piece, at) => ({ piece, gap: at ? '' : ' ' })));
      return words.reduce((lines, { piece, gap }) => {
        const longer = lines.length ? lines[lines.length - 1] + gap + piece : piece;
        if (lines.length && width(longer) > room) lines.push(piece);
        else lines[Math.max(0, lines.length - 1)] = longer;
        return lines;
      }, []).join('<br>');
    }).join('<br>');
  };
  const wrapAll = (texts, size, room) =>
    Array.isArray(texts) ? texts.map(text => wrapAll(text, size, room)) : typeof texts === 'string' ? wrap(texts, size, room) : texts;

  const lines = text => text.split(/<br *\/?>/i).length;

  const fit = (figure, width) => {
    const layout = figure.layout;
    const size = (layout.font || {}).size || 12;
    const besideThePlot = !(layout.legend && layout.legend.x <= 1);
    for (const trace of figure.data) {
      if (trace.name) trace.name = wrap(trace.name, size, width * (besideThePlot ? 0.35 : 0.5));
      if (trace.hovertext) trace.hovertext = wrapAll(trace.hovertext, size, width * 0.6);
    }
    const y = layout.yaxis || {};
    const tick = (y.tickfont || {}).size || size;
    const names = y.ticktext || (y.type === 'category' ? figure.data.flatMap(trace => trace.y || []) : []);
    const labels = wrapAll(Array.from(names, String), tick, width * 0.3);
    if (y.ticktext) y.ticktext = labels;
    else y.labelalias = Object.assign(Object.fromEntries(labels.map((label, at) => [names[at], label])), y.labelalias);
    // What stands inside the plot, as the name of a guide line, and below it.
    const inside = width - ((layout.margin || {}).l || 80) - 24;
    for (const note of [...(layout.annotations || []), ...(layout.shapes || []).map(shape => shape.label || {})]) {
      if (note.text) note.text = wrap(note.text, (note.font || {}).size || size, inside);
    }
    const x = layout.xaxis && layout.xaxis.title;
    if (x && x.text) {
      const before = lines(x.text);
      x.text = wrap(x.text, (x.font || {}).size || size, inside);
      const below = 1.3 * ((x.font || {}).size || size) * (lines(x.text) - before);
      layout.margin = Object.assign({ b: 80 }, layout.margin);
      layout.margin.b += below;
      layout.height += below;
    }
    // Two lines have room beside a bar or a row.
    layout.height += labels.length * 1.3 * tick * Math.max(0, ...labels.map(label => lines(label) - 2));
    const title = typeof layout.title === 'string' ? { text: layout.title } : layout.title;
    if (!title || !title.text) return;
    let text = wrap(title.text, (title.font || {}).size || 17, width - 24);
    if (lines(text) > lines(title.text)) {
      // The note below a title is broken anew, without the breaks that a wider page has.
      const note = title.text.replace(/<span.*<\/span>/i, span => span.replace(/<br *\/?>/gi, ' '));
      text = wrap(note, (title.font || {}).size || 17, width - 24);
    }
    const more = 22 * (lines(text) - lines(title.text));
    layout.title = Object.assign(title, { text });
    layout.margin = Object.assign({ t: 100 }, layout.margin);
    layout.margin.t += more;
    layout.height += more;
  };

  const show = box => {
    const chart = charts.get(box);
    const room = box.clientWidth;
    const paper = behind(box);
    const now = `${room} ${paper}`;
    if (!room || chart.shown === now) return;
    if (!chart.shown) box.textContent = '';
    chart.shown = now;
    const figure = JSON.parse(chart.figure);
    const layout = figure.layout;
    layout.template = layout.template || {
      layout: {
        font: { color: '#444' }, paper_bgcolor: '#fff', plot_bgcolor: '#fff',
        xaxis: { linecolor: '#444', gridcolor: '#eee', zerolinecolor: '#444' },
        yaxis: { linecolor: '#444', gridcolor: '#eee', zerolinecolor: '#444' },
      },
    };
    // A width that a chart asks for is the most that it gets.
    Object.assign(layout, { width: Math.min(layout.width || room, room), height: layout.height || chart.height, autosize: false });
    layout.hoverlabel = Object.assign({ namelength: -1 }, layout.hoverlabel);
    layout.uirevision = layout.uirevision || 'kept'; // Zoomed stays zoomed.
    fit(figure, layout.width);
    const own = layout.paper_bgcolor || (layout.template.layout || {}).paper_bgcolor || '#fff';
    if (lightness(parse(own)) > 0.5 && lightness(paper) < 1) {
      recolour(layout, onPaper(paper), false);
      recolour(figure.data, onPaper(paper), true);
    }
    const config = Object.assign({ displaylogo: false, displayModeBar: false }, figure.config, { responsive: false });
    window.Plotly.react(box, figure.data, layout, config);
  };

  // Not in the observer's own turn: a chart changes the height of its box.
  const soon = box => {
    const chart = charts.get(box);
    clearTimeout(chart.turn);
    chart.turn = setTimeout(() => show(box), chart.shown ? 60 : 0);
  };
  const sizes = new ResizeObserver(entries => entries.forEach(entry => soon(entry.target)));
  const arrivals = new MutationObserver(() => place());
  const place = () => {
    for (const chart of wanted.splice(0)) {
      const [key, figure, height] = chart;
      const boxes = document.querySelectorAll(`[data-fewshot-chart="${key}"]:not([data-drawn])`);
      if (!boxes.length) wanted.push(chart);
      for (const box of boxes) {
        box.setAttribute('data-drawn', '');
        charts.set(box, { figure: JSON.stringify(figure), height });
        sizes.observe(box);
      }
    }
    if (wanted.length) arrivals.observe(document, { childList: true, subtree: true });
    else arrivals.disconnect();
  };

  window.fewshotCharts = { push: chart => { wanted.push(chart); place(); } };
  early.forEach(window.fewshotCharts.push);

  // Another theme: JupyterLab and VS Code say it on the page's first elements; system and printer, which does not wait, by a query.
  const all = act => document.querySelectorAll('[data-fewshot-chart][data-drawn]').forEach(box => charts.has(box) && act(box));
  const themes = new MutationObserver(() => all(soon));
  [document.documentElement, document.body].forEach(element => element && themes.observe(element, { attributes: true }));
  ['(prefers-color-scheme: dark)', 'print'].forEach(query => matchMedia(query).addEventListener('change', () => all(show)));
})();
