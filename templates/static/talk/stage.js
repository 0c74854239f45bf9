/** What the Talk page shows of a call: its phase, notices, which buttons there are. */

const AGENT_STATES = {
    initializing: "The agent is getting ready",
    idle: "The agent listens",
    listening: "The agent listens",
    thinking: "The agent thinks",
    speaking: "The agent speaks",
};
const OFF = new Set(["ready", "ended"]);

export class Stage {
    #root = document.getElementById("talk");
    #notices = this.#find("notices");
    start = this.#find("start");
    mute = this.#find("mute");
    end = this.#find("end");

    #find(name) {
        return document.getElementById(`talk-${name}`);
    }

    get phase() {
        return this.#root.dataset.phase;
    }

    /** Show where the call stands, in words, and the buttons that fit. */
    show(phase, words = AGENT_STATES[phase] ?? phase) {
        this.#root.dataset.phase = phase;
        this.#find("state").textContent = words;
        this.start.hidden = !OFF.has(phase);
        this.end.hidden = OFF.has(phase);
        if (OFF.has(phase)) this.mute.hidden = true;
    }

    allowTyping(isAllowed) {
        const fields = this.#root.querySelectorAll("#talk-typing :is(input, button), .talk-phrase");
        fields.forEach((field) => (field.disabled = !isAllowed));
    }

    showMuted(isMuted) {
        const [icon, label] = this.mute.children;
        this.mute.setAttribute("aria-pressed", String(isMuted));
        icon.textContent = isMuted ? "mic_off" : "mic";
        label.textContent = isMuted ? "Unmute" : "Mute";
    }

    get isMuted() {
        return this.mute.getAttribute("aria-pressed") === "true";
    }

    clear() {
        this.#notices.replaceChildren();
    }

    /** Say something to the person; kind is `info`, `warning` or `error`. */
    notice(words, kind = "warning") {
        const paragraph = document.createElement("p");
        paragraph.className = `talk-notice talk-notice-${kind}`;
        paragraph.append(words);
        this.#notices.append(paragraph);
        return paragraph;
    }
}
