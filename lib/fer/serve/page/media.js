// Camera and files: what is on the stage, and its frames as JPEG.

const widest = 640; // pixels of a frame that is sent

export class Media {
  #video;
  #picture;
  #camera = null;
  #address = null;
  #canvas = document.createElement('canvas');
  file = null; // the picture that is shown
  name = ''; // of what is shown

  constructor(video, picture) {
    this.#video = video;
    this.#picture = picture;
  }

  get moving() {
    return !this.#video.hidden && !this.#video.paused && !this.#video.ended && this.#video.readyState >= 2;
  }

  get camera() {
    return this.#camera !== null;
  }

  // A video file has controls, for people who wind to and fro; a camera has none.
  get hasControls() {
    return !this.#video.hidden && this.#video.controls;
  }

  // Where a video's file is, in seconds; else null.
  get position() {
    return this.hasControls ? this.#video.currentTime : null;
  }

  stop() {
    this.#camera?.getTracks().forEach((track) => track.stop());
    this.#camera = null;
    this.#video.pause();
    this.#video.removeAttribute('src');
    this.#video.srcObject = null;
    this.#video.hidden = true;
    this.#picture.hidden = true;
    this.#picture.removeAttribute('src');
    this.file = null;
    if (this.#address) URL.revokeObjectURL(this.#address);
    this.#address = null;
  }

  async startCamera() {
    if (!navigator.mediaDevices?.getUserMedia) {
      throw new Error('Browsers give a camera to pages of this machine and to https pages alone.');
    }
    const camera = await navigator.mediaDevices.getUserMedia({
      video: {width: {ideal: widest}, facingMode: 'user'}, audio: false,
    });
    this.stop();
    this.#camera = camera;
    this.name = 'camera';
    this.#video.controls = false;
    this.#video.loop = false;
    this.#video.srcObject = camera;
    this.#video.hidden = false;
    await this.#video.play();
  }

  async showVideo(file) {
    this.stop();
    this.name = file.name;
    this.#address = URL.createObjectURL(file);
    this.#video.src = this.#address;
    this.#video.controls = true;
    this.#video.hidden = false;
    await this.#video.play();
  }

  async showPicture(file) {
    this.stop();
    this.file = file;
    this.name = file.name;
    this.#address = URL.createObjectURL(file);
    this.#picture.src = this.#address;
    this.#picture.hidden = false;
    await this.#picture.decode().catch(() => {}); // a format that the browser does not show
  }

  // The frame that is shown now, as a blob.
  frame(quality = 0.85) {
    const {videoWidth, videoHeight} = this.#video;
    if (!videoWidth) return Promise.resolve(null);
    const scale = Math.min(1, widest / Math.max(videoWidth, videoHeight));
    this.#canvas.width = Math.round(videoWidth * scale);
    this.#canvas.height = Math.round(videoHeight * scale);
    this.#canvas.getContext('2d').drawImage(this.#video, 0, 0, this.#canvas.width, this.#canvas.height);
    return new Promise((resolve) => this.#canvas.toBlob(resolve, 'image/jpeg', quality));
  }
}
