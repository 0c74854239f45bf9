/** What went wrong, in words a person can act on. */

const MICROPHONE = {
    NotAllowedError:
        "The browser may not use your microphone. Allow it beside the address, then talk again. Until then you can type.",
    NotFoundError:
        "No microphone was found. Plug one in or choose another, then talk again. Until then you can type.",
    NotReadableError:
        "The microphone is in use by another program. Close that one, then talk again. Until then you can type.",
    OverconstrainedError:
        "The chosen microphone is gone. Choose another one. Until then you can type.",
};

export const INSECURE =
    "Browsers give a microphone only to secure pages. Open this page over https, or at localhost. Until then you can type.";

export class Refusal extends Error {}

export function aboutMicrophone(error) {
    return (
        MICROPHONE[error.name] ??
        `The microphone could not be used (${error.message || error.name}). You can type.`
    );
}

export function aboutLiveKit(url) {
    const host = new URL(url).host;
    return `The media server at ${host} cannot be reached from this browser. Check that LiveKit runs and that LIVEKIT_PUBLIC_URL is an address your browser can open, then talk again.`;
}

/** The words of an API answer that is not a success. */
export async function aboutAnswer(response) {
    const body = await response.json().catch(() => ({}));
    if (response.status === 403 && /CSRF|credentials/.test(body.detail ?? "")) {
        return "You are signed out. Reload the page and sign in again.";
    }
    return (
        body.detail ??
        `The server answered ${response.status}. Reload the page and try again; the server's log says more.`
    );
}
