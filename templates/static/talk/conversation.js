/** One conversation with the agent, from the click to the hang-up. */

import { Call } from "./call.js";
import { Line } from "./line.js";
import { Refusal } from "./refusal.js";

const AGENT_LATE_MS = 8000;
// The room is kept open for a minute while nobody is in it.
const PERMISSION_MS = 20000;
const LATE =
    "The agent takes longer than usual to come. See under Workers whether a voice worker runs.";
const NOT_SENT = "This could not be sent. Send it again.";

export class Conversation {
    #with;
    #call;
    #line = new Line();
    #isOver = false;
    #track;
    #late;
    #lateNotice;

    /** `parts`: stage, clock, microphone, meters, transcript, data, csrfToken. */
    constructor(parts) {
        this.#with = parts;
        this.#call = new Call(parts.data, parts.csrfToken);
        this.#listen();
    }

    /**
     * The room is made and the agent on its way while the browser still asks for the
     * microphone. Who has not answered that yet would miss the greeting.
     */
    async start() {
        const { stage, clock, data } = this.#with;
        this.#line.allowSound();
        stage.show("calling", "Calling");
        const answered = this.#openMicrophone();
        try {
            const session = await this.#call.open(data.agent_id);
            if (!this.#isOver) await Promise.race([answered, pause(PERMISSION_MS)]);
            if (!this.#isOver) await this.#line.join(session);
        } catch (error) {
            return this.#fail(error);
        }
        if (this.#isOver) return this.#leave();
        clock.start();
        stage.allowTyping(true);
        if (stage.phase === "calling") this.#await("Waiting for the agent");
    }

    /** Send words instead of speaking them; false when they could not be sent. */
    async type(text) {
        this.#with.transcript.writeTyped(text);
        try {
            await this.#line.type(text);
            return true;
        } catch {
            const why = this.#isOver ? "The call ended before this was sent." : NOT_SENT;
            this.#with.stage.notice(why, "error");
            return false;
        }
    }

    hangUp() {
        if (this.#line.isOpen) return this.#line.hangUp();
        this.#close("No call");
        return this.#leave();
    }

    /** Let go of a place that was taken for a room nobody entered. */
    leaveIfNotJoined() {
        if (!this.#line.isOpen) this.#leave();
    }

    /** Kept once the question is answered, either way: typing needs no microphone. */
    async #openMicrophone() {
        const { microphone, meters } = this.#with;
        try {
            this.#track = await microphone.open();
            if (this.#isOver) return microphone.close(this.#track);
            meters.caller.follow(this.#track);
            this.#speakInto(this.#track);
        } catch (error) {
            this.#say(error);
        }
    }

    async #speakInto(track) {
        await this.#line.joined;
        await this.#line.speakInto(track).catch((error) => this.#say(error));
        if (!this.#isOver) this.#with.stage.mute.hidden = false;
    }

    #listen() {
        const { stage, meters, transcript } = this.#with;
        const on = (name, act) => this.#line.addEventListener(name, ({ detail }) => act(detail));
        on("agent", (state) => {
            this.#stopWaiting();
            stage.show(state);
        });
        on("agent-audio", (track) => meters.agent.follow(track));
        on("agent-gone", () => this.#await("The agent was cut off, another one is on its way"));
        on("words", (said) => transcript.write(said));
        on("reconnecting", () => stage.show("reconnecting", "Connection lost, reconnecting"));
        on("reconnected", () => stage.show("listening", "Connected again"));
        on("closed", (detail) => this.#ended(detail));
    }

    #await(words) {
        const { stage } = this.#with;
        stage.show("waiting", words);
        this.#late = setTimeout(() => (this.#lateNotice = stage.notice(LATE)), AGENT_LATE_MS);
    }

    #stopWaiting() {
        clearTimeout(this.#late);
        this.#lateNotice?.remove();
    }

    async #ended({ byCaller }) {
        if (this.#isOver) return;
        const { stage } = this.#with;
        this.#close(byCaller ? "You hung up" : "The call ended");
        const link = Object.assign(document.createElement("a"), {
            href: this.#call.page,
            textContent: "Read the call",
        });
        const notice = stage.notice(link, "info");
        const row = await this.#call.ended();
        if (row) notice.prepend(`${row.cause_label}. `);
    }

    #fail(error) {
        if (this.#isOver) return this.#leave();
        this.#say(error);
        this.#close("No call");
        return this.#leave();
    }

    #say(error) {
        if (this.#isOver) return;
        const words =
            error instanceof Refusal
                ? error.message
                : `Something broke in this page (${error.message}). Reload it and try again.`;
        this.#with.stage.notice(words, "error");
    }

    #close(words) {
        const { stage, clock, microphone, meters } = this.#with;
        this.#isOver = true;
        this.#stopWaiting();
        clock.stop();
        Object.values(meters).forEach((meter) => meter.stop());
        microphone.close(this.#track);
        stage.showMuted(false);
        stage.allowTyping(false);
        stage.show("ended", words);
        stage.start.focus();
    }

    #leave() {
        this.#line.hangUp();
        return this.#call.session && this.#call.end();
    }
}

function pause(milliseconds) {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
