// Ties the page together.

import {models, predict, Refused, Stream, token} from '/page/api.js';
import {percent, useColours} from '/page/colours.js';
import {Media} from '/page/media.js';
import {Record, save} from '/page/record.js';
import {drawBoxes, drawChart, faceAt, listFaces, nameOf, showLegend} from '/page/view.js';

const at = (id) => document.getElementById(id);
const media = new Media(at('video'), at('picture'));
const record = new Record();
const span = 60; // seconds of the chart
const quietFor = 4000; // milliseconds between two announcements of the same kind

let known = {models: [], detectors: []};
let labels = [];
let stream = null;
let result = null; // what is shown
let shownFrame = null; // of a camera or video, the frame it was found in
let points = []; // of the chart
let began = performance.now();
let said = 0;
let sending = false;
let nextTry = 0; // when a stream that ended may be opened again

const seconds = () => (performance.now() - began) / 1000;
const parameters = () => ({model: at('model').value, detector: at('detector').value});
const say = (text) => {
  if (at('status').textContent !== text) at('status').textContent = text;
};

function fail(error) {
  if (error instanceof Refused && error.status === 401) {
    at('token-form').hidden = false;
    at('token').focus();
  }
  say(error.message);
}

function show(answer, frame = null) {
  result = answer;
  shownFrame = frame?.picture ?? null;
  drawBoxes(at('boxes'), result);
  listFaces(at('faces'), result, explain);
  at('no-face').hidden = (result?.faces?.length ?? 0) > 0;
  at('no-face').textContent = result ? 'No face was found.' : 'No face yet.';
}

function largest(faces) {
  return faces.reduce((a, b) => (a && a.box[2] * a.box[3] >= b.box[2] * b.box[3] ? a : b), null);
}

// Screen readers hear now and then what is seen, not every frame.
function announce(faces) {
  if (performance.now() - said < quietFor) return;
  said = performance.now();
  say(faces.length === 0 ? 'No face is seen.'
    : faces.map((face, i) => `${nameOf(face, i)}: ${face.label}, ${percent(face.probability)}`).join('; '));
}

// Seconds of the frame, in its video or since the page was opened.
function note(answer, {source, time}) {
  record.add(answer, source, time);
  const face = largest(answer.faces);
  const now = seconds();
  if (face && !media.file) points.push({time: now, probabilities: face.probabilities});
  points = points.filter((point) => point.time > now - span);
  updateRecord();
}

function updateRecord() {
  at('count').textContent = record.text;
  for (const id of ['save-csv', 'save-json', 'clear']) at(id).disabled = record.size === 0;
}

function onFrame(answer, frame) {
  if (answer.error) return say(answer.error);
  show(answer, frame);
  note(answer, frame);
  announce(answer.faces);
}

function closeStream() {
  stream?.close();
  stream = null;
}

function openStream() {
  closeStream();
  stream = new Stream(parameters(), {
    answer: onFrame,
    end: (reason) => {
      stream = null;
      nextTry = performance.now() + 3000;
      if (reason && media.moving) say(reason);
    },
  });
}

async function tick() {
  if (stream === null && media.moving && !document.hidden && performance.now() > nextTry) openStream();
  if (stream?.ready && media.moving && !sending) {
    sending = true;
    try {
      const time = media.position ?? seconds();
      const picture = await media.frame();
      if (picture && stream?.ready) stream.send({picture, source: media.name, time});
    } finally {
      sending = false;
    }
  }
}

function animate() {
  tick();
  if (points.length > 0) drawChart(at('chart'), points, labels, seconds(), span);
  requestAnimationFrame(animate);
}

function setStage(full) {
  at('hint').hidden = full;
  at('boxes').hidden = !full;
  at('stage').classList.toggle('full', full);
  at('camera').textContent = media.camera ? 'Stop camera' : 'Start camera';
  at('camera').setAttribute('aria-pressed', String(media.camera));
}

// The chart is that of one source.
function leaveSource() {
  closeStream();
  points = [];
  drawChart(at('chart'), points, labels, seconds(), span);
  show(null);
}

async function toggleCamera() {
  if (media.camera) {
    media.stop();
    leaveSource();
    setStage(false);
    return say('The camera is off.');
  }
  try {
    say('Asking for the camera …');
    await media.startCamera();
    leaveSource();
    setStage(true);
    say('The camera is on.');
  } catch (error) {
    say(`No camera: ${error.message}`);
  }
}

async function lookAtPicture() {
  say('Looking …');
  const answer = await predict(media.file, parameters());
  if (answer.error) throw new Error(answer.error);
  show(answer);
  note(answer, {source: media.name, time: 0});
  said = 0;
  announce(answer.faces);
}

async function open(file) {
  leaveSource();
  try {
    if (file.type.startsWith('video/')) {
      await media.showVideo(file);
      setStage(true);
      return say(`Playing ${file.name}.`);
    }
    await media.showPicture(file);
    setStage(true);
    await lookAtPicture();
  } catch (error) {
    fail(error);
  }
}

async function explain(index) {
  const face = result?.faces?.[index];
  if (!face) return;
  const box = face.box.join();
  const dialog = at('explanation');
  at('explanation-picture').removeAttribute('src');
  at('explanation-picture').alt = '';
  at('explanation-text').textContent = 'Looking …';
  dialog.showModal();
  try {
    const picture = media.file ?? shownFrame ?? (await media.frame(0.95));
    const answer = await predict(picture, {...parameters(), explain: 'true'});
    const same = answer.faces.find((other) => other.box.join() === box) ?? nearest(answer.faces, face.box);
    if (!same) throw new Error('The face is gone.');
    at('explanation-picture').src = same.explanation;
    at('explanation-picture').alt = `The face in grey, with warm colours where the model looked for ${same.label}`;
    at('explanation-text').textContent =
      `Warm colours: what spoke most for “${same.label}” (${percent(same.probability)}), by Grad-CAM. ` +
      'It shows what the model used, not whether it is right.';
  } catch (error) {
    at('explanation-text').textContent = error.message;
    if (error instanceof Refused && error.status === 401) dialog.close();
    fail(error);
  }
}

function nearest(faces, [x, y, w, h]) {
  const distance = ({box}) => Math.hypot(box[0] + box[2] / 2 - x - w / 2, box[1] + box[3] / 2 - y - h / 2);
  return faces.reduce((a, b) => (a && distance(a) <= distance(b) ? a : b), null);
}

function useModel() {
  const model = known.models.find(({name}) => name === at('model').value);
  if (!model) return;
  labels = model.labels;
  useColours(model);
  points = [];
  showLegend(at('legend'), labels);
  drawChart(at('chart'), points, labels, seconds(), span);
  const licences = [...new Set((model?.members ?? []).map(({licence}) => licence).filter(Boolean))];
  at('licences').textContent = licences.length ? `Licence of ${model.name}: ${licences.join(' ')}` : '';
  stream?.set(parameters());
  if (media.file) lookAtPicture().catch(fail);
}

function fill(select, names, chosen) {
  select.replaceChildren(...names.map((name) => new Option(name, name, name === chosen, name === chosen)));
}

async function begin() {
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(location.hostname);
  at('privacy').textContent = local
    ? 'Pictures stay on this machine: they go to the program that serves this page, which keeps none of them.'
    : `Pictures go to ${location.hostname}, which keeps none of them, and nowhere else.`;
  try {
    known = await models();
  } catch (error) {
    return fail(error);
  }
  at('token-form').hidden = true;
  fill(at('model'), known.models.map(({name}) => name), known.models[0].name);
  fill(at('detector'), known.detectors, known.usual_detector);
  useModel();
  say('Ready.');
}

at('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  token.set(at('token').value.trim());
  begin();
});
at('camera').addEventListener('click', toggleCamera);
at('choose').addEventListener('click', () => at('file').click());
at('file').addEventListener('change', () => {
  if (at('file').files[0]) open(at('file').files[0]);
  at('file').value = '';
});
at('model').addEventListener('change', useModel);
at('detector').addEventListener('change', () => {
  stream?.set(parameters());
  if (media.file) lookAtPicture().catch(fail);
});

// The face under the pointer, or -1. A video's own controls stay within reach: its lower edge, and fingers.
function faceUnder(event) {
  const place = at('boxes').getBoundingClientRect();
  if (at('boxes').hidden) return -1;
  if (media.hasControls && (event.pointerType === 'touch' || event.clientY > place.bottom - 64)) return -1;
  return faceAt(at('boxes'), result, event.clientX - place.left, event.clientY - place.top);
}
at('stage').addEventListener('click', (event) => {
  const index = faceUnder(event);
  if (index < 0) return;
  event.preventDefault();
  event.stopPropagation();
  explain(index);
}, true);
at('stage').addEventListener('pointermove', (event) =>
  at('stage').classList.toggle('face', faceUnder(event) >= 0));
at('explanation-close').addEventListener('click', () => at('explanation').close());
at('save-csv').addEventListener('click', () => save(record.csv(), 'faces.csv', 'text/csv'));
at('save-json').addEventListener('click', () => save(record.json(), 'faces.json', 'application/json'));
at('clear').addEventListener('click', () => {
  record.clear();
  points = [];
  drawChart(at('chart'), points, labels, seconds(), span);
  updateRecord();
});
for (const name of ['dragover', 'dragenter', 'dragleave', 'drop']) {
  at('stage').addEventListener(name, (event) => {
    event.preventDefault();
    at('stage').classList.toggle('over', name === 'dragover' || name === 'dragenter');
    if (name === 'drop' && event.dataTransfer.files[0]) open(event.dataTransfer.files[0]);
  });
}
// What is dropped beside the stage does not take the place of the page.
for (const name of ['dragover', 'drop']) document.addEventListener(name, (event) => event.preventDefault());
window.addEventListener('resize', () => {
  drawBoxes(at('boxes'), result);
  drawChart(at('chart'), points, labels, seconds(), span);
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () =>
  drawChart(at('chart'), points, labels, seconds(), span));

begin();
animate();
