/** A level meter: the last seconds of one side's loudness, as bars. */

const BAR = 3;
const GAP = 2;
const EVERY_MS = 60;
// From a quiet room to a loud voice; the library's own range shows any voice as full.
const HEARING = { minDecibels: -85, maxDecibels: -25, smoothingTimeConstant: 0.3 };

export class Meter {
    #canvas;
    #levels = [];
    #analyser = null;

    constructor(canvas) {
        this.#canvas = canvas;
        new ResizeObserver(() => this.#draw()).observe(canvas);
        setInterval(() => this.#step(), EVERY_MS);
    }

    /** Show how loud a LiveKit audio track is. */
    follow(track) {
        this.stop();
        this.#analyser = LivekitClient.createAudioAnalyser(track, HEARING);
    }

    stop() {
        this.#analyser?.cleanup();
        this.#analyser = null;
    }

    #step() {
        if (!this.#analyser && !this.#levels.some((level) => level > 0)) return;
        const level = this.#analyser ? this.#analyser.calculateVolume() : 0;
        this.#levels.push(level);
        this.#levels.splice(0, this.#levels.length - this.#capacity());
        this.#canvas.dataset.level = level.toFixed(3);
        this.#draw();
    }

    #capacity() {
        return Math.max(1, Math.floor(this.#canvas.clientWidth / (BAR + GAP)));
    }

    #draw() {
        const { clientWidth: width, clientHeight: height } = this.#canvas;
        const scale = window.devicePixelRatio || 1;
        Object.assign(this.#canvas, { width: width * scale, height: height * scale });
        const pen = this.#canvas.getContext("2d");
        pen.scale(scale, scale);
        pen.fillStyle = getComputedStyle(this.#canvas).color;
        const first = this.#capacity() - this.#levels.length;
        for (let slot = 0; slot < this.#capacity(); slot += 1) {
            const level = this.#levels[slot - first] ?? 0;
            const tall = Math.max(2, Math.min(1, level * 2.5) * height);
            pen.globalAlpha = level > 0.02 ? 1 : 0.25;
            pen.fillRect(slot * (BAR + GAP), (height - tall) / 2, BAR, tall);
        }
    }
}
