"""One client's connection, from its setup to its end."""

import asyncio

from pydantic import ValidationError
from websockets.asyncio.server import ServerConnection

from livekit_worker.sandbox import server_messages
from livekit_worker.sandbox.client_messages import (
    ClientContent,
    ClientMessage,
    RealtimeInput,
    Setup,
    ToolResponse,
)
from livekit_worker.sandbox.conversation import Conversation
from livekit_worker.sandbox.hearing.hearing import Hearing
from livekit_worker.sandbox.line import Line
from livekit_worker.sandbox.scenario import Reply, Scenario, read_scenario
from livekit_worker.sandbox.sessions import Session, Sessions
from livekit_worker.sandbox.turns import Turns
from livekit_worker.sandbox.typed import Typed

INVALID = 1007
WRONG_KEY = "API key not valid. Please pass a valid API key."
_CHARACTERS_PER_TOKEN = 4


async def converse(
    socket: ServerConnection, *, sessions: Sessions, in_real_time: bool
) -> None:
    """Talk with a client until it leaves; a bad message closes with 1007 and why."""
    try:
        setup = _read(await socket.recv()).setup or Setup()
        scenario, instructions = read_scenario(setup.system_instruction.text)
        if await _set_up(socket, scenario):
            session = _session(setup, instructions, scenario, sessions)
            line = Line(socket, setup.voice, setup.language, in_real_time)
            await Connection(line, session=session, sessions=sessions).run()
    except ValidationError as error:
        await socket.close(INVALID, _shortened(error))


async def _set_up(socket: ServerConnection, scenario: Scenario) -> bool:
    """Confirm the setup, unless the script says otherwise."""
    await asyncio.sleep(scenario.setup_delay)
    if scenario.refuse:
        await socket.close(INVALID, WRONG_KEY)
    elif scenario.close_at_setup is not None:
        await Line(socket, "", "").drop(scenario.close_at_setup)
    else:
        await Line(socket, "", "").send(server_messages.SETUP_COMPLETE)
        return True
    return False


def _session(
    setup: Setup, instructions: str, scenario: Scenario, sessions: Sessions
) -> Session:
    """The session to go on with, or a new one; an unknown handle begins anew."""
    handle = setup.session_resumption.handle if setup.session_resumption else None
    session = sessions.restore(handle)
    if session is None:
        session = Session(Conversation(), iter(scenario.replies))
    session.conversation.instructions = instructions
    session.conversation.functions = setup.functions()
    return session


class Connection:
    """Routes what comes in: sound to the ear, words to the conversation."""

    def __init__(self, line: Line, *, session: Session, sessions: Sessions) -> None:
        """Go on with `session`."""
        self._line = line
        self._session = session
        self._sessions = sessions
        self._conversation = session.conversation
        self._typed = Typed(self._conversation)
        self._turns = Turns(
            line, prompt_tokens=self._prompt_tokens, on_end=self._offer_handle
        )
        self._hearing = Hearing(
            self._conversation, on_speech=self._turns.barge_in, on_words=self._on_words
        )

    async def run(self) -> None:
        """Read until the client leaves."""
        await self._offer_handle()
        try:
            async for frame in self._line.socket:
                await self._receive(_read(frame))
        finally:
            self._hearing.close()
            await self._turns.close()

    async def _receive(self, message: ClientMessage) -> None:
        if message.realtime_input is not None:
            await self._on_realtime(message.realtime_input)
        elif message.client_content is not None:
            await self._on_content(message.client_content)
        elif message.tool_response is not None:
            await self._on_results(message.tool_response)

    async def _on_realtime(self, sent: RealtimeInput) -> None:
        if sent.audio is not None:
            await self._hearing.feed(sent.audio.pcm())
        if sent.activity_start is not None:
            await self._turns.interrupt()
        if sent.activity_end is not None:
            await self._hearing.finish()
        if sent.text:
            self._typed.unanswered = sent.text
            await self._answer_typed(None)

    async def _on_content(self, content: ClientContent) -> None:
        instruction = self._typed.read(content)
        if content.turn_complete:
            await self._answer_typed(instruction)

    async def _answer_typed(self, instruction: str | None) -> None:
        reply = next(self._session.script, None)
        if reply is None:
            await self._turns.perform(self._typed.answer(instruction))
        else:
            self._typed.settle()
            await self._follow(reply)

    async def _on_words(self, text: str | None) -> None:
        if text is None:
            await self._on_noise()
            return
        self._typed.settle()
        await self._line.send(server_messages.heard_text(text))
        reply = next(self._session.script, None)
        if reply is None:
            await self._turns.perform(self._conversation.hear(text, is_heard=True))
        else:
            self._conversation.remember("user", text)
            await self._follow(reply)

    async def _on_noise(self) -> None:
        """What is no words gets an answer only when nothing else is to be answered."""
        if not self._turns.is_running and self._typed.unanswered is None:
            await self._turns.perform(self._conversation.not_caught())

    async def _follow(self, reply: Reply) -> None:
        if reply.say:
            self._conversation.remember("model", reply.say)
        await self._turns.follow(reply)

    async def _on_results(self, sent: ToolResponse) -> None:
        if results := self._turns.results(sent.function_responses):
            await self._turns.perform(self._conversation.results(results))

    async def _offer_handle(self) -> None:
        handle = self._sessions.keep(self._session)
        await self._line.send(server_messages.resumption_handle(handle))

    def _prompt_tokens(self) -> int:
        said = sum(len(text) for _, text in self._conversation.history)
        return (len(self._conversation.instructions) + said) // _CHARACTERS_PER_TOKEN


def _read(frame: str | bytes) -> ClientMessage:
    return ClientMessage.model_validate_json(frame)


def _shortened(error: ValidationError) -> str:
    """What is wrong and where; a close reason holds at most 123 bytes."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"]))
    return f"{where}: {first['msg']}".encode()[:120].decode(errors="ignore")
