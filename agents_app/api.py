"""The API of agents: which ones there are."""

from django.db.models import QuerySet
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination

from agents_app.models import Agent
from agents_app.serializers import AgentSerializer


class OldestFirst(CursorPagination):
    """Pages that cost the same however far one reads, and skip nothing meanwhile."""

    ordering = "pk"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class AgentList(ListAPIView[Agent]):
    """The agents of the user's organizations."""

    serializer_class = AgentSerializer
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[Agent]:
        mine = Agent.objects.for_user(self.request.user)
        return mine.select_related("published_version")
