"""Who hears whom while a person is told who calls.

Everybody in a room hears everybody. So the server is asked to keep the caller's and the
person's sound from each other, and the agent's own tracks are each for one of them.
"""

import asyncio

from livekit import api, rtc
from livekit.agents import JobContext
from livekit.protocol.models import ParticipantPermission

# A SIP bridge asks for every voice in the room once its telephone is picked up, and is
# believed; what is withheld has to be withheld after that.
SETTLED_SECONDS = 0.7


class Privacy:
    """Keeps caller and person apart until they are put together."""

    def __init__(self, ctx: JobContext, *, caller: str, person: str) -> None:
        self._room = ctx.room
        self._api = ctx.api.room
        self._caller = caller
        self._person = person
        self._own: dict[str, list[str]] = {
            caller: self._sids(ctx.room.local_participant)
        }

    async def begin(self) -> None:
        """The person's telephone rings: it hears nobody, and nobody hears it."""
        self._share()
        await asyncio.gather(self._permit(False), self._hear(self._caller, False))

    async def listen(self) -> None:
        """Somebody picked up: the person may hear what is for the person alone."""
        await asyncio.sleep(SETTLED_SECONDS)
        await asyncio.gather(
            self._hear(self._caller, False), self._hear(self._person, False)
        )
        await self._permit(True)

    def allow(self, track: str, *, to: str) -> None:
        """One of the agent's tracks is for this one of them alone."""
        self._own.setdefault(to, []).append(track)
        self._share()

    async def put_together(self) -> None:
        """Both hear each other."""
        await asyncio.gather(
            self._hear(self._caller, True), self._hear(self._person, True)
        )

    def end(self) -> None:
        """Everybody may hear the agent again."""
        self._room.local_participant.set_track_subscription_permissions(
            allow_all_participants=True
        )

    def _share(self) -> None:
        permissions = [
            rtc.ParticipantTrackPermission(
                participant_identity=who, allow_all=False, allowed_track_sids=tracks
            )
            for who, tracks in self._own.items()
        ]
        self._room.local_participant.set_track_subscription_permissions(
            allow_all_participants=False, participant_permissions=permissions
        )

    async def _permit(self, hearing: bool) -> None:
        """Whether the person may hear anybody; the rest is what a SIP bridge needs."""
        permission = ParticipantPermission(
            can_subscribe=hearing,
            can_publish=True,
            can_publish_data=True,
            can_update_metadata=True,
        )
        await self._api.update_participant(
            api.UpdateParticipantRequest(
                room=self._room.name, identity=self._person, permission=permission
            )
        )

    async def _hear(self, who: str, is_heard: bool) -> None:
        """Whether `who` hears the other one."""
        other = self._person if who == self._caller else self._caller
        participant = self._room.remote_participants.get(other)
        if participant and (tracks := self._sids(participant)):
            await self._api.update_subscriptions(
                api.UpdateSubscriptionsRequest(
                    room=self._room.name,
                    identity=who,
                    track_sids=tracks,
                    subscribe=is_heard,
                )
            )

    @staticmethod
    def _sids(participant: rtc.Participant) -> list[str]:
        return list(participant.track_publications)
