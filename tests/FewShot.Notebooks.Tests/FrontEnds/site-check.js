// What is wrong with the page that is shown, as a list of sentences; run in the page itself.
() => {
  const problems = [];
  const name = element => {
    const words = (element.textContent || '').trim().replace(/\s+/g, ' ').slice(0, 40);
    return `<${element.tagName.toLowerCase()}${element.className && element.className.baseVal === undefined ? '.' + element.className : ''}> "${words}"`;
  };

  // Wider than the page: somebody would have to scroll the whole page sideways.
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > room + 1) {
    const scrolls = element => element && (/(auto|scroll)/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    const wide = [...document.body.querySelectorAll('*')]
      .filter(element => element.getBoundingClientRect().right > room + 1 && !scrolls(element.parentElement));
    problems.push(`wider than the page by ${document.documentElement.scrollWidth - room}: ${wide.slice(0, 3).map(name).join('; ')}`);
  }

  // Text that its own box cuts off.
  for (const element of document.body.querySelectorAll('*')) {
    const style = getComputedStyle(element);
    const cuts = part => part === 'hidden' || part === 'clip';
    if (element.children.length === 0 && element.textContent.trim() && !element.closest('svg, math')
      && ((cuts(style.overflowX) && element.scrollWidth > element.clientWidth + 1)
        || (cuts(style.overflowY) && element.scrollHeight > element.clientHeight + 1))) problems.push(`cut off: ${name(element)}`);
  }

  // Letters of a chart beyond its edge, where its picture ends.
  for (const picture of document.querySelectorAll('svg.main-svg')) {
    const box = picture.getBoundingClientRect();
    for (const text of picture.querySelectorAll('text')) {
      const own = text.getBoundingClientRect();
      if (own.width && (own.left < box.left - 2 || own.right > box.right + 2)) problems.push(`beyond its chart: "${text.textContent.slice(0, 40)}"`);
    }
  }

  // Contrast by WCAG 2, level AA: 4.5, or 3 for large letters.
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const pixel = layers => {
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, 1, 1);
    for (const layer of layers) {
      pen.fillStyle = layer;
      pen.fillRect(0, 0, 1, 1);
    }
    return pen.getImageData(0, 0, 1, 1).data;
  };
  const bright = ([red, green, blue]) => [red, green, blue]
    .map(part => part / 255).map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const layers = element => element ? [...layers(element.parentElement), getComputedStyle(element).backgroundColor] : [];
  const seen = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || seen.has(element) || !element.getClientRects().length) continue;
    if (element.closest('.js-plotly-plot, script, style')) continue;
    seen.add(element);
    const style = getComputedStyle(element);
    const behind = layers(element);
    const [text, paper] = [bright(pixel([...behind, element.closest('svg') ? style.fill : style.color])), bright(pixel(behind))];
    const ratio = (Math.max(text, paper) + 0.05) / (Math.min(text, paper) + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && parseInt(style.fontWeight, 10) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) problems.push(`contrast ${ratio.toFixed(2)}: ${name(element)}`);
  }

  // Every picture in words, every chart drawn.
  for (const picture of document.querySelectorAll('img')) if (!picture.alt.trim()) problems.push(`no words for a picture: ${picture.src.slice(0, 60)}`);
  for (const picture of document.querySelectorAll('img')) if (picture.complete && !picture.naturalWidth) problems.push(`no picture: ${picture.src.slice(0, 60)}`);
  for (const picture of document.querySelectorAll('svg:not(.main-svg *):not(.main-svg)')) {
    if (!picture.closest('.js-plotly-plot, #js-plotly-tester') && picture.id !== 'js-plotly-tester' && !picture.getAttribute('aria-label')) problems.push('no words for a drawing');
  }
  for (const chart of document.querySelectorAll('[data-fewshot-chart]')) {
    if (!chart.getAttribute('aria-label')) problems.push('no words for a chart');
    if (chart.getClientRects().length && !chart.querySelector('svg.main-svg')) problems.push(`not drawn: ${chart.getAttribute('aria-label')}`);
  }

  if (document.querySelectorAll('h1').length !== 1) problems.push(`${document.querySelectorAll('h1').length} titles`);
  const ids = [...document.querySelectorAll('[id]')].map(element => element.id).filter(id => /-/.test(id));
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at && !document.getElementById(id).closest('.js-plotly-plot'));
  if (twice.length) problems.push(`twice on the page: #${twice[0]}`);
  return problems;
}
