/** The conversation in writing, as it is said. */

export class Transcript {
    #list;
    #empty;
    #names;
    #lines = new Map();

    constructor(list, empty, names) {
        this.#list = list;
        this.#empty = empty;
        this.#names = names;
    }

    clear() {
        this.#lines.clear();
        this.#list.replaceChildren();
        this.#empty.hidden = false;
    }

    /** Write what one side says; the same id again replaces what was written. */
    write({ id, speaker, text, isFinal = true, isTyped = false }) {
        if (!text.trim()) return;
        const follow = this.#isAtEnd();
        const line = this.#lines.get(id) ?? this.#add(id, speaker, isTyped);
        line.querySelector(".talk-words").textContent = text;
        // A reader is told a line once it is complete, not at every word.
        line.setAttribute("aria-busy", String(!isFinal));
        if (follow) this.#list.scrollTop = this.#list.scrollHeight;
    }

    writeTyped(text) {
        this.write({ id: `typed-${this.#lines.size}`, speaker: "caller", text, isTyped: true });
    }

    #add(id, speaker, isTyped) {
        const line = document.createElement("li");
        line.className = `talk-line talk-line-${speaker}`;
        line.dataset.speaker = speaker;
        const who = document.createElement("span");
        who.className = "talk-who";
        who.textContent = this.#names[speaker] + (isTyped ? " (typed)" : "");
        const words = document.createElement("p");
        words.className = "talk-words";
        line.append(who, words);
        this.#list.append(line);
        this.#lines.set(id, line);
        this.#empty.hidden = true;
        return line;
    }

    #isAtEnd() {
        const { scrollTop, clientHeight, scrollHeight } = this.#list;
        return scrollTop + clientHeight >= scrollHeight - 40;
    }
}
