// What the service is asked, and how.

const place = 'fer-token';

export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail + (problem.allowed ? ` (allowed: ${problem.allowed})` : ''));
    this.status = status;
  }
}

export const token = {
  get: () => sessionStorage.getItem(place) ?? '',
  set: (text) => sessionStorage.setItem(place, text),
};

async function ask(path, options = {}) {
  const headers = {...options.headers};
  if (token.get()) headers.Authorization = `Bearer ${token.get()}`;
  const response = await fetch(path, {...options, headers});
  if (response.ok) return response.json();
  let problem = {detail: `${response.status} ${response.statusText}`};
  if (response.headers.get('Content-Type')?.includes('json')) problem = await response.json();
  throw new Refused(response.status, problem);
}

export const models = () => ask('/v1/models');

// One picture's file -> its result.
export async function predict(file, parameters) {
  const type = file.type.startsWith('image/') ? file.type : 'application/octet-stream';
  const query = new URLSearchParams(parameters);
  const answer = await ask(`/v1/predict?${query}`, {method: 'POST', body: file, headers: {'Content-Type': type}});
  return answer.results[0];
}

// Frames in ({picture, …}), answers out, each with its frame. At most two frames are under way;
// `ready` says whether one more may go.
export class Stream {
  #socket;
  #underWay = [];  // frames without an answer yet, the oldest first

  constructor(parameters, {answer, end}) {
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    this.#socket = new WebSocket(`${scheme}//${location.host}/v1/stream`);
    this.#socket.onopen = () => this.set(token.get() ? {...parameters, token: token.get()} : parameters);
    this.#socket.onmessage = ({data}) => {
      const message = JSON.parse(data);
      if ('frame' in message) {
        const answered = this.#underWay.splice(0, 1 + message.dropped);
        answer(message, answered.at(-1));
      } else if (message.problem) {
        end(message.problem.detail);
      }
    };
    this.#socket.onclose = ({reason, code}) => end(reason || (code === 1006 ? 'The stream was cut off.' : ''));
  }

  get ready() {
    return this.#socket.readyState === WebSocket.OPEN && this.#underWay.length < 2 && this.#socket.bufferedAmount === 0;
  }

  send(frame) {
    this.#underWay.push(frame);
    this.#socket.send(frame.picture);
  }

  set(parameters) {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(parameters));
  }

  close() {
    this.#socket.onclose = null;
    this.#socket.onmessage = null;
    // Browsers warn of one that is closed before it is open.
    if (this.#socket.readyState === WebSocket.CONNECTING) {
      this.#socket.onopen = () => this.#socket.close();
    } else {
      this.#socket.close();
    }
  }
}
