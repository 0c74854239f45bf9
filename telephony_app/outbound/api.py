"""The API of calls out: let an agent call a number."""

from typing import Any, cast

from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Role, User
from agents_app.models import Agent
from agents_app.variables import LONGEST
from telephony_app.calls.api import find, refusal
from telephony_app.calls.opening import CallRefused
from telephony_app.calls.serializers import BIGGEST_ID, CallSerializer
from telephony_app.outbound.calling import KEY, Order, call_out
from telephony_app.outbound.rules import NotAllowed

LONGEST_NUMBER = 32
LONGEST_KEY = 255


class CallRequest(serializers.Serializer[None]):
    """Who is to be called by whom; numbers in E.164.

    `from` is one of the organization's numbers, by default the agent's own.
    """

    agent_id = serializers.IntegerField(min_value=1, max_value=BIGGEST_ID)
    to = serializers.CharField(max_length=LONGEST_NUMBER)
    variables = serializers.DictField(
        child=serializers.CharField(max_length=LONGEST, allow_blank=True),
        required=False,
    )

    def get_fields(self) -> dict[str, Any]:
        """With `from`, which is no name for an attribute."""
        number = serializers.CharField(
            max_length=LONGEST_NUMBER, required=False, allow_blank=True
        )
        return super().get_fields() | {"from": number}


class CallList(APIView):
    """Opens calls out."""

    def post(self, request: Request) -> Response:
        """Open a call; the same Idempotency-Key gives the same call again."""
        asked = CallRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        key = request.headers.get(KEY, "")
        if len(key) > LONGEST_KEY:
            raise serializers.ValidationError(
                {KEY: [f"This is too long: use up to {LONGEST_KEY} characters."]}
            )
        try:
            call = call_out(_order(request, asked.validated_data, key))
        except NotAllowed as refused:
            return forbidden(refused)
        except CallRefused as refused:
            return refusal(refused)
        return Response(CallSerializer(call).data, status.HTTP_201_CREATED)


def _order(request: Request, asked: dict[str, Any], key: str) -> Order:
    agents = Agent.objects.select_related("organization", "published_version")
    return Order(
        agent=find(agents, str(asked["agent_id"]), request, Role.EDITOR),
        to=asked["to"],
        by=cast(User, request.user),
        caller=asked.get("from", ""),
        variables=asked.get("variables", {}),
        key=key,
    )


def forbidden(refused: NotAllowed) -> Response:
    """The answer to a call that a rule forbids: what to change, or when to retry."""
    answer = {refused.field: [str(refused)]}
    if refused.retry_seconds is None:
        return Response(answer, status.HTTP_400_BAD_REQUEST)
    wait = {"Retry-After": str(refused.retry_seconds)}
    return Response(answer, status.HTTP_429_TOO_MANY_REQUESTS, headers=wait)
