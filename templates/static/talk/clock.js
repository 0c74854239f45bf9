/** How long the call lasts, in minutes and seconds. */

export class Clock {
    #element;
    #timer;

    constructor(element) {
        this.#element = element;
    }

    start() {
        const began = Date.now();
        this.stop();
        this.#show(0);
        this.#timer = setInterval(() => this.#show(Date.now() - began), 250);
    }

    stop() {
        clearInterval(this.#timer);
    }

    #show(ms) {
        const seconds = Math.floor(ms / 1000);
        const rest = String(seconds % 60).padStart(2, "0");
        this.#element.textContent = `${Math.floor(seconds / 60)}:${rest}`;
    }
}
