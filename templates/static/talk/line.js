/**
 * The line to the agent: a LiveKit room, told in the words of a call.
 *
 * Events: `joined`, `agent` ({detail: state}), `agent-audio` (track), `agent-gone`, `words`,
 * `reconnecting`, `reconnected`, `closed` ({detail: {byCaller}}).
 */

import { Refusal, aboutLiveKit } from "./refusal.js";

const CHAT = "lk.chat";
const TRANSCRIPTION = "lk.transcription";

export class Line extends EventTarget {
    /** Kept once the room was entered. */
    joined = new Promise((resolve) => this.addEventListener("joined", resolve, { once: true }));
    #wasJoined = false;
    #room = new LivekitClient.Room({ adaptiveStream: false });

    constructor() {
        super();
        const { RoomEvent, DisconnectReason, Track } = LivekitClient;
        const hear = (track, _, participant) => {
            if (track.kind !== Track.Kind.Audio) return;
            document.body.append(track.attach());
            if (participant.isAgent) this.#tell("agent-audio", track);
        };
        this.#room
            .on(RoomEvent.TrackSubscribed, hear)
            .on(RoomEvent.TrackUnsubscribed, (track) => track.detach().forEach((e) => e.remove()))
            .on(RoomEvent.ParticipantConnected, (who) => this.#agent(who))
            .on(RoomEvent.ParticipantAttributesChanged, (_, who) => this.#agent(who))
            .on(RoomEvent.ParticipantDisconnected, (who) => this.#left(who))
            .on(RoomEvent.Reconnecting, () => this.#tell("reconnecting"))
            .on(RoomEvent.Reconnected, () => this.#tell("reconnected"))
            .on(RoomEvent.Disconnected, (reason) => {
                const byCaller = reason === DisconnectReason.CLIENT_INITIATED;
                if (this.#wasJoined) this.#tell("closed", { byCaller });
            });
        this.#room.registerTextStreamHandler(TRANSCRIPTION, (...stream) => this.#read(...stream));
    }

    /** Let the page play sound; browsers want this in a click. */
    allowSound() {
        return this.#room.startAudio().catch(() => null);
    }

    async join({ url, token }) {
        try {
            await this.#room.connect(url, token);
        } catch {
            throw new Refusal(aboutLiveKit(url));
        }
        this.#wasJoined = true;
        this.#tell("joined");
        this.#room.remoteParticipants.forEach((who) => this.#agent(who));
    }

    /** From joining to leaving, also while the connection is made anew. */
    get isOpen() {
        return this.#wasJoined && this.#room.state !== LivekitClient.ConnectionState.Disconnected;
    }

    speakInto(track) {
        const source = LivekitClient.Track.Source.Microphone;
        return this.#room.localParticipant.publishTrack(track, { source });
    }

    /** Send words, once there is an agent to read them: the room keeps them for nobody. */
    async type(text) {
        await this.#untilAgent();
        return this.#room.localParticipant.sendText(text, { topic: CHAT });
    }

    hangUp() {
        return this.#room.disconnect();
    }

    async #untilAgent() {
        const isThere = () => [...this.#room.remoteParticipants.values()].some((who) => who.isAgent);
        const { Disconnected, ParticipantConnected } = LivekitClient.RoomEvent;
        while (!isThere()) {
            if (!this.isOpen) throw new Error("The call ended before the agent came.");
            await new Promise((resolve) => {
                this.#room.once(ParticipantConnected, resolve).once(Disconnected, resolve);
            });
        }
    }

    #agent(who) {
        if (!who.isAgent) return;
        this.#tell("agent", who.attributes["lk.agent.state"] ?? "initializing");
    }

    /** A dead agent is listed until its time-out, when another may long be talking. */
    #left(who) {
        const others = [...this.#room.remoteParticipants.values()];
        if (who.isAgent && !others.some((other) => other.isAgent)) this.#tell("agent-gone");
    }

    /** The agent's words grow within a stream; the caller's come whole in a new one. */
    async #read(reader, { identity }) {
        const attributes = reader.info.attributes ?? {};
        const isCaller = identity === this.#room.localParticipant.identity;
        const said = {
            id: attributes["lk.segment_id"] ?? reader.info.id,
            speaker: isCaller ? "caller" : "agent",
            text: "",
        };
        try {
            for await (const words of reader) {
                said.text += words;
                this.#tell("words", { ...said, isFinal: false });
            }
        } catch {
            // The call ended within the sentence: what was said so far stands.
        }
        const isFinal = !isCaller || attributes["lk.transcription_final"] === "true";
        this.#tell("words", { ...said, isFinal });
    }

    #tell(name, detail) {
        this.dispatchEvent(new CustomEvent(name, { detail }));
    }
}
