// Measures pages in frames of given widths and writes what is wrong into <pre id="result"> as JSON.
// Runs in a page of its own, so that the measured page keeps its policy: it may run no script itself.
"use strict";

const TOO_SMALL = 11; // pixels

/** Red, green, blue from 0 to 255 and alpha from 0 to 1. */
function colour(text) {
  const numbers = text.match(/[\d.]+/g).map(Number);
  return { rgb: numbers.slice(0, 3), alpha: numbers.length > 3 ? numbers[3] : 1 };
}

function over(top, below) {
  return top.rgb.map((value, n) => value * top.alpha + below[n] * (1 - top.alpha));
}

/** Relative luminance and contrast as WCAG 2 defines them. */
function luminance(rgb) {
  const [r, g, b] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** What lies behind an element of the page: the backgrounds of all that hold it. */
function paper(element, view) {
  const layers = [];
  for (let at = element; at; at = at.parentElement) {
    layers.push(colour(view.getComputedStyle(at).backgroundColor));
  }
  return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
}

/** What lies behind a text of a drawing: the shapes drawn before it whose frame holds its middle. */
function canvas(text, view) {
  const box = text.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  let behind = paper(text.ownerSVGElement.parentElement, view);
  for (const shape of text.ownerSVGElement.querySelectorAll("rect, circle, polygon")) {
    if (shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_PRECEDING) break;
    const style = view.getComputedStyle(shape);
    const at = shape.getBoundingClientRect();
    const holds = at.left <= x && x <= at.right && at.top <= y && y <= at.bottom;
    if (style.fill === "none" || !holds) continue;
    const fill = colour(style.fill);
    behind = over({ rgb: fill.rgb, alpha: fill.alpha * Number(style.opacity) }, behind);
  }
  return behind;
}

function texts(root) {
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    if (walker.currentNode.data.trim() !== "") found.push(walker.currentNode);
  }
  return found;
}

function readable(document, view, wrong) {
  let seen = 0;
  for (const node of texts(document.body)) {
    const element = node.parentElement;
    if (element.closest("style, title, desc")) continue;
    const style = view.getComputedStyle(element);
    const drawn = element.closest("svg") !== null;
    const size = parseFloat(style.fontSize) * (drawn ? element.getScreenCTM().a : 1);
    const behind = drawn ? canvas(element.closest("text"), view) : paper(element, view);
    const ink = colour(drawn ? style.fill : style.color);
    const ratio = contrast(over(ink, behind), behind);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const what = `${element.tagName.toLowerCase()} "${node.data.trim().slice(0, 40)}"`;
    if (ratio < (large ? 3 : 4.5)) wrong.push(`${what} has a contrast of ${ratio.toFixed(2)}`);
    if (size < TOO_SMALL) wrong.push(`${what} is ${size.toFixed(1)} pixels high`);
    seen += 1;
  }
  return seen;
}

/** The text that is drawn, without its hint. */
function words(text) {
  return [...text.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data).join("");
}

/** Texts of a drawing neither leave the smallest box that they begin in nor touch each other. */
function tidy(svg, wrong) {
  const frame = svg.getBoundingClientRect();
  const labels = [...svg.querySelectorAll("text")].map((text) => ({ text, box: text.getBoundingClientRect() }));
  const shapes = [...svg.querySelectorAll("rect")].map((shape) => shape.getBoundingClientRect());
  for (const [n, { text, box }] of labels.entries()) {
    const holds = (at) => at.left <= box.left && box.left <= at.right && at.top <= box.top && box.bottom <= at.bottom;
    const home = [frame, ...shapes].filter(holds).sort((a, b) => a.width * a.height - b.width * b.height)[0] ?? frame;
    if (box.right > home.right + 0.5) wrong.push(`"${words(text)}" leaves its box`);
    for (const other of labels.slice(n + 1)) {
      const apart =
        box.right <= other.box.left || other.box.right <= box.left ||
        box.bottom <= other.box.top + 2 || other.box.bottom <= box.top + 2;
      if (!apart) wrong.push(`"${words(text)}" covers "${words(other.text)}"`);
    }
  }
}

/** Text of the page is cut nowhere: what is wider than its place either wraps or can be scrolled to. */
function whole(document, view, width, wrong) {
  const page = document.scrollingElement;
  if (page.scrollWidth > page.clientWidth) wrong.push(`the page is ${page.scrollWidth} wide`);
  for (const box of document.querySelectorAll(".wide")) {
    const table = box.querySelector("table");
    if (table && box.scrollWidth > box.clientWidth) wrong.push(`a table is ${box.scrollWidth} wide in ${box.clientWidth}`);
  }
  for (const cell of document.querySelectorAll("td, th, dd, dt, li, p, h1, h2, h3")) {
    if (cell.closest("thead")) continue;
    if (cell.scrollWidth > cell.clientWidth + 1 && view.getComputedStyle(cell).display !== "inline") {
      wrong.push(`"${cell.textContent.trim().slice(0, 40)}" is wider than its place`);
    }
  }
}

function frame(page, width) {
  return new Promise((resolve) => {
    const element = document.createElement("iframe");
    element.width = width;
    element.height = 1000;
    element.addEventListener("load", () => resolve(element));
    element.src = page;
    document.body.append(element);
  });
}

async function main() {
  const results = [];
  for (const { page, width } of PAGES) {
    const element = await frame(page, width);
    const [view, inner] = [element.contentWindow, element.contentDocument];
    const wrong = [];
    const seen = readable(inner, view, wrong);
    whole(inner, view, width, wrong);
    inner.querySelectorAll("svg").forEach((svg) => tidy(svg, wrong));
    const dark = view.matchMedia("(prefers-color-scheme: dark)").matches;
    results.push({ page, width, dark, innerWidth: view.innerWidth, seen, wrong });
    element.remove();
  }
  const output = document.createElement("pre");
  output.id = "result";
  output.textContent = JSON.stringify(results);
  document.body.append(output);
}

main().catch((error) => console.error(`measuring failed: ${error}`));
