"""API URLs of agents."""

from django.urls import path

from agents_app.api import AgentList

urlpatterns = [path("agents", AgentList.as_view(), name="agents")]
