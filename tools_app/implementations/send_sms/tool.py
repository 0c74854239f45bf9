"""The tool itself: one text message, to the caller or a number that they give."""

from typing import Annotated, Any, Literal

import httpx2
from django.conf import settings
from pydantic import BaseModel, Field

from tools_app.base import (
    BaseConfig,
    BaseSensitiveConfig,
    BaseTool,
    CallContext,
    RunContext,
    ToolError,
    ToolMetadata,
    side_effect,
)
from tools_app.http import Answer, open_client, send
from tools_app.http_failures import HttpFailure
from tools_app.implementations.send_sms.failures import of_sending, refuse
from tools_app.implementations.send_sms.recipient import recipient

Context = RunContext[CallContext]
DEADLINE_SECONDS = 8.0
# What Twilio takes: https://www.twilio.com/docs/messaging/api/message-resource.
MOST_CHARACTERS = 1600
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class SendSmsTool(BaseTool):
    """Sends text messages from one number of a Twilio account."""

    class Config(BaseConfig):
        """From where, to where, and how long."""

        sender: str = Field(
            pattern=r"^(\+[1-9]\d{6,14}|MG[0-9a-fA-F]{32})$",
            description="A number of your Twilio account, like +4930123456, or the SID "
            "of a messaging service (MG...).",
        )
        countries: list[Country] = Field(
            min_length=1,
            description="Where messages may go, as ISO codes like DE. A number that is "
            "told without its country is taken for one of the first.",
        )
        max_characters: int = Field(
            320, ge=1, le=MOST_CHARACTERS, description="160 fit into one message."
        )

    class SensitiveConfig(BaseSensitiveConfig):
        """The Twilio account."""

        account_sid: str = Field(
            title="Account SID",
            pattern=r"^AC[0-9a-fA-F]{32}$",
            description="From the first page of Twilio's console; begins with AC.",
        )
        auth_token: str = Field(min_length=1, description="From the same page.")

    metadata = ToolMetadata(
        name="Text message",
        description="Sends text messages (SMS) from a number of your Twilio account.",
        requires_auth=True,
        auth_type="api_key",
    )
    _client: httpx2.AsyncClient | None = None

    async def setup(self) -> None:
        """Open the way to Twilio."""
        self._client = open_client()
        self._client.event_hooks = {"response": [refuse]}

    async def aclose(self) -> None:
        """Close the connections."""
        if self._client:
            await self._client.aclose()

    @side_effect
    async def send_sms(
        self,
        context: Context,
        text: Annotated[
            str,
            Field(min_length=1, description="The whole message, as it is to be read."),
        ],
        to: Annotated[
            str | None,
            Field(description="The number, if not the one that the caller calls from."),
        ] = None,
    ) -> dict[str, str]:
        """Send a text message to the caller.

        Use it to confirm what was agreed. Tell the caller what you will send and to
        which number, and send only after a yes.
        """
        most = self.config.max_characters
        if len(text) > most:
            raise ToolError(f"The text is too long: write at most {most} characters.")
        if not (written := to or context.userdata.caller):
            raise ToolError("Ask the caller for their mobile number.")
        number = recipient(written, self.config.countries)
        await self._send({"To": number, "Body": text})
        return {"sent_to": number}

    async def test_tool(self, context: Context) -> dict[str, str]:
        """Look at the account and the sender; nothing is sent."""
        answer = await self._ask("GET", ".json")
        account = _Account.model_validate(answer.json())
        if account.status != "active":
            raise ToolError(
                "Messages cannot be sent.",
                detail=f"Twilio says that the account is {account.status}.",
            )
        await self._check_sender()
        kind = "a trial: only verified numbers" if account.type == "Trial" else "full"
        return {"account": account.friendly_name, "kind": kind, "sender": "can send"}

    @property
    def _is_service(self) -> bool:
        """Whether the sender is a messaging service, and no number."""
        return bool(self.config.sender.startswith("MG"))

    async def _send(self, message: dict[str, str]) -> None:
        sender = "MessagingServiceSid" if self._is_service else "From"
        form = {**message, sender: self.config.sender}
        try:
            await self._ask("POST", "/Messages.json", data=form)
        except HttpFailure as failure:
            raise of_sending(failure) from None

    async def _check_sender(self) -> None:
        """Raise `ToolError` when the number is not the account's, or cannot send."""
        if self._is_service:
            return
        query = {"PhoneNumber": self.config.sender}
        answer = await self._ask("GET", "/IncomingPhoneNumbers.json", params=query)
        numbers = _Numbers.model_validate(answer.json()).incoming_phone_numbers
        if not any(number.capabilities.sms for number in numbers):
            raise ToolError(
                "Messages cannot be sent.",
                detail="The sender is no number of this account that can send text "
                "messages: see Phone Numbers in Twilio's console.",
            )

    async def _ask(self, method: str, path: str, **sent: Any) -> Answer:
        if self._client is None:
            raise ToolError("Messages cannot be sent.", detail="It is not set up.")
        account = self.secrets.account_sid
        request = self._client.build_request(
            method,
            f"{settings.TWILIO_API_URL}/2010-04-01/Accounts/{account}{path}",
            **sent,
        )
        credentials = httpx2.BasicAuth(account, self.secrets.auth_token)
        signed = next(credentials.auth_flow(request))
        return await send(self._client, signed, deadline=DEADLINE_SECONDS, retries=1)


class _Account(BaseModel):
    friendly_name: str = ""
    status: Literal["active", "suspended", "closed"] = "active"
    type: str = "Full"


class _Capabilities(BaseModel):
    sms: bool = False


class _Number(BaseModel):
    capabilities: _Capabilities = _Capabilities()


class _Numbers(BaseModel):
    incoming_phone_numbers: list[_Number] = []
