// Boxes and bars on the picture, and the same as a list.

import {onPage, overPicture, percent, variable} from '/page/colours.js';

const sorted = (face) => Object.entries(face.probabilities).sort((a, b) => b[1] - a[1]);

export const nameOf = (face, index) => `Face ${face.track ?? index + 1}`;

// Where the picture lies in its element, which may be wider or higher than it.
function placeOf(canvas, width, height) {
  const {clientWidth, clientHeight} = canvas;
  const scale = Math.min(clientWidth / width, clientHeight / height);
  return {scale, x: (clientWidth - width * scale) / 2, y: (clientHeight - height * scale) / 2};
}

function prepared(canvas) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(canvas.clientWidth * ratio);
  canvas.height = Math.round(canvas.clientHeight * ratio);
  const pen = canvas.getContext('2d');
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  return pen;
}

function drawFace(pen, face, place, canvas) {
  const [x, y, w, h] = face.box.map((edge) => edge * place.scale);
  const left = place.x + x;
  const top = place.y + y;
  pen.lineWidth = 3;
  pen.strokeStyle = overPicture(face.label);
  pen.strokeRect(left, top, w, h);
  const rows = sorted(face).slice(0, 3);
  const line = 17;
  const width = 132;
  const height = rows.length * line + 6;
  // Beside the face where there is room, else below or over its lower edge.
  let panelX = left + w + 6;
  if (panelX + width > canvas.clientWidth) panelX = left - width - 6;
  let panelY = top;
  if (panelX < 0) {
    panelX = Math.min(Math.max(0, left), Math.max(0, canvas.clientWidth - width));
    panelY = Math.min(top + h + 4, canvas.clientHeight - height);
  }
  panelY = Math.max(0, Math.min(panelY, canvas.clientHeight - height));
  pen.fillStyle = 'rgb(16 18 22 / .8)';
  pen.fillRect(panelX, panelY, width, height);
  pen.font = '12px system-ui, sans-serif';
  pen.textBaseline = 'middle';
  rows.forEach(([label, share], i) => {
    const middle = panelY + 3 + line * (i + 0.5);
    pen.fillStyle = overPicture(label);
    pen.fillRect(panelX + 62, middle - 5, 34 * share, 10);
    pen.fillStyle = '#ffffff';
    pen.fillText(label.slice(0, 9), panelX + 5, middle);
    pen.fillText(percent(share), panelX + 99, middle);
  });
}

export function drawBoxes(canvas, result) {
  const pen = prepared(canvas);
  if (!result?.faces) return;
  const place = placeOf(canvas, result.width, result.height);
  for (const face of result.faces) drawFace(pen, face, place, canvas);
}

// The number of the face under a place of the canvas, or -1.
export function faceAt(canvas, result, x, y) {
  if (!result?.faces) return -1;
  const place = placeOf(canvas, result.width, result.height);
  const px = (x - place.x) / place.scale;
  const py = (y - place.y) / place.scale;
  return result.faces.findIndex(({box: [left, top, w, h]}) => px >= left && px < left + w && py >= top && py < top + h);
}

function makeItem(explain) {
  const item = document.createElement('li');
  const title = document.createElement('h3');
  const list = document.createElement('dl');
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Where did the model look?';
  button.addEventListener('click', () => explain(item));
  item.append(title, list, button);
  return item;
}

function fillList(list, face) {
  const rows = sorted(face);
  while (list.children.length > rows.length * 3) list.lastChild.remove();
  while (list.children.length < rows.length * 3) {
    const term = document.createElement('dt');
    const bar = document.createElement('dd');
    const number = document.createElement('dd');
    bar.className = 'bar';
    bar.setAttribute('aria-hidden', 'true');
    bar.append(document.createElement('i'));
    number.className = 'number';
    list.append(term, bar, number);
  }
  rows.forEach(([label, share], i) => {
    const [term, bar, number] = [0, 1, 2].map((k) => list.children[3 * i + k]);
    term.textContent = label;
    bar.firstChild.style.width = `${100 * share}%`;
    bar.firstChild.style.background = `var(${variable(label)})`;
    number.textContent = percent(share);
  });
}

// Items stay where they are from frame to frame, so that the one with the focus keeps it.
export function listFaces(list, result, explain) {
  const faces = result?.faces ?? [];
  while (list.children.length > faces.length) list.lastChild.remove();
  while (list.children.length < faces.length) list.append(makeItem((item) => explain([...list.children].indexOf(item))));
  faces.forEach((face, i) => {
    const item = list.children[i];
    item.querySelector('h3').textContent = `${nameOf(face, i)}: ${face.label}, ${percent(face.probability)}`;
    item.querySelector('button').setAttribute('aria-label', `Where did the model look at ${nameOf(face, i)}?`);
    fillList(item.querySelector('dl'), face);
  });
}

export function showLegend(list, labels) {
  list.replaceChildren(...labels.map((label) => {
    const item = document.createElement('li');
    const line = document.createElement('i');
    line.style.background = `var(${variable(label)})`;
    item.append(line, label);
    return item;
  }));
}

export function drawChart(canvas, points, labels, now, span) {
  const pen = prepared(canvas);
  const {clientWidth: width, clientHeight: height} = canvas;
  const style = getComputedStyle(document.documentElement);
  const left = 52;
  const bottom = 24;
  const top = 10;
  const across = (time) => left + (width - left - 8) * (1 - (now - time) / span);
  const up = (share) => top + (height - bottom - top) * (1 - share);
  pen.font = '12px system-ui, sans-serif';
  pen.fillStyle = style.getPropertyValue('--quiet');
  pen.strokeStyle = style.getPropertyValue('--line');
  pen.lineWidth = 1;
  pen.textAlign = 'right';
  pen.textBaseline = 'middle';
  for (const share of [0, 0.5, 1]) {
    pen.fillText(percent(share), left - 6, up(share));
    pen.beginPath();
    pen.moveTo(left, up(share));
    pen.lineTo(width - 8, up(share));
    pen.stroke();
  }
  pen.textBaseline = 'alphabetic';
  pen.fillText('now', width - 8, height - 7);
  pen.textAlign = 'left';
  pen.fillText(`${span} s ago`, left, height - 7);
  const seen = points.filter(({time}) => time >= now - span);
  pen.lineWidth = 2;
  for (const label of labels) {
    pen.strokeStyle = onPage(label);
    pen.beginPath();
    let last = -Infinity;
    for (const {time, probabilities} of seen) {
      const place = [across(time), up(probabilities[label] ?? 0)];
      if (time - last > 2) pen.moveTo(...place);
      else pen.lineTo(...place);
      last = time;
    }
    pen.stroke();
  }
}
