// The theme that the reader chose, the search, and the keys of the slides.
(function () {
  'use strict';
  const root = document.documentElement;
  const kept = () => { try { return localStorage.getItem('fewshot-theme'); } catch { return null; } };
  const set = theme => { root.style.colorScheme = theme; root.dataset.theme = theme; };
  if (kept()) set(kept());

  document.addEventListener('DOMContentLoaded', () => {
    document.querySelectorAll('[data-theme-switch]').forEach(button => button.addEventListener('click', () => {
      const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
      set(dark ? 'light' : 'dark');
      try { localStorage.setItem('fewshot-theme', root.dataset.theme); } catch { /* Not kept, but shown. */ }
    }));

    const box = document.querySelector('input[type=search]');
    if (box) search(box, document.querySelector('[data-results]'));
    const slides = [...document.querySelectorAll('.slide')];
    if (slides.length) keys(slides);
  });

  function search(box, results) {
    const entries = (window.fewshotSearch || []).map(entry => ({ ...entry, low: `${entry.heading}\n${entry.text}`.toLowerCase() }));
    const show = () => {
      const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
      const rank = entry => words.reduce((sum, word) =>
        sum + (entry.heading.toLowerCase().includes(word) ? 20 : 0) + Math.min(5, entry.low.split(word).length - 1), 0);
      const found = words.length === 0 ? [] : entries.filter(entry => words.every(word => entry.low.includes(word)))
        .sort((a, b) => rank(b) - rank(a)).slice(0, 30);
      results.textContent = words.length && !found.length ? results.dataset.nothing : '';
      for (const entry of found) {
        const line = results.appendChild(document.createElement('p'));
        const link = line.appendChild(document.createElement('a'));
        link.href = entry.page;
        link.textContent = entry.heading === entry.chapter ? entry.chapter : `${entry.chapter}: ${entry.heading}`;
        const at = Math.max(0, entry.text.toLowerCase().indexOf(words[0]) - 60);
        line.appendChild(document.createElement('br'));
        line.append(`${at ? '… ' : ''}${entry.text.slice(at, at + 180)} …`);
      }
    };
    const asked = new URLSearchParams(location.search).get('q');
    if (asked) box.value = asked;
    box.addEventListener('input', show);
    show();
  }

  function keys(slides) {
    const at = () => slides.findIndex(slide => slide.getBoundingClientRect().bottom > innerHeight / 2);
    const go = to => slides[Math.min(slides.length - 1, Math.max(0, to))].scrollIntoView();
    document.addEventListener('keydown', event => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const step = { ArrowRight: 1, PageDown: 1, ' ': 1, ArrowLeft: -1, PageUp: -1 }[event.key];
      if (!step && event.key !== 'Home' && event.key !== 'End') return;
      event.preventDefault();
      go(event.key === 'Home' ? 0 : event.key === 'End' ? slides.length - 1 : at() + step);
    });
  }
})();
