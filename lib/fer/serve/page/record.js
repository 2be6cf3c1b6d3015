// What was seen, to be saved. Numbers alone: no picture is kept.

const most = 200_000; // faces; the oldest go first

export class Record {
  #rows = [];
  #lost = 0;

  add(result, source, seconds) {
    for (const face of result.faces) {
      this.#rows.push({
        source, time_s: Number(seconds.toFixed(3)), track: face.track, box: face.box, score: face.score,
        label: face.label, probability: face.probability, probabilities: face.probabilities,
      });
    }
    const over = this.#rows.length - most;
    if (over > 0) {
      this.#rows.splice(0, over);
      this.#lost += over;
    }
  }

  clear() {
    this.#rows = [];
    this.#lost = 0;
  }

  get size() {
    return this.#rows.length;
  }

  get text() {
    if (this.size === 0) return 'Nothing is recorded.';
    const lost = this.#lost > 0 ? `; the ${this.#lost.toLocaleString()} oldest were let go` : '';
    return `${this.size.toLocaleString()} ${this.size === 1 ? 'face' : 'faces'} recorded, as numbers${lost}.`;
  }

  csv() {
    const labels = [...new Set(this.#rows.flatMap((row) => Object.keys(row.probabilities)))];
    const cell = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const head = ['source', 'time_s', 'track', 'x', 'y', 'width', 'height', 'score', 'label', 'probability',
      ...labels.map(cell)];
    const lines = this.#rows.map((row) => [
      cell(row.source), row.time_s, row.track ?? '', ...row.box, row.score, cell(row.label), row.probability,
      ...labels.map((label) => row.probabilities[label] ?? ''),
    ].join(','));
    return [head.join(','), ...lines, ''].join('\n');
  }

  json() {
    return JSON.stringify(this.#rows);
  }
}

export function save(text, name, type) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], {type}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
