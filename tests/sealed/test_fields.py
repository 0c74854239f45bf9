"""The sealed column: in the database, on the row, in whatever copies rows."""

import copy
import json
import pickle
from io import StringIO

import pytest
from django.contrib.admin.utils import display_for_field
from django.core import serializers
from django.core.exceptions import FieldError, ValidationError
from django.core.management import call_command
from django.db import connection
from django.forms import model_to_dict, modelform_factory
from pytest_django import Settings
from rest_framework.renderers import JSONRenderer
from rest_framework.serializers import ModelSerializer

from sealed.fields import SealedField
from sealed.handle import Sealed
from tests.sealed.conftest import PLANTED
from tools_app.models import ToolSecret


def stored(row: ToolSecret) -> bytes:
    """What the database holds, past the field."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT secrets FROM tools_app_toolsecret")
        return bytes(cursor.fetchone()[0])


def test_database_holds_a_token(row: ToolSecret) -> None:
    assert stored(row).startswith(b"gAAAA")
    assert PLANTED.encode() not in stored(row)


def test_row_gives_back_what_was_sealed(row: ToolSecret) -> None:
    assert row.secrets.reveal() == {"api_key": PLANTED}


def test_plain_words_are_sealed_when_they_are_assigned(row: ToolSecret) -> None:
    row.secrets = {"api_key": "another-" + PLANTED}
    assert isinstance(vars(row)["secrets"], Sealed)
    assert PLANTED not in repr(vars(row))


def test_plain_text_is_refused(row: ToolSecret) -> None:
    with pytest.raises(ValidationError, match="names with values"):
        row.secrets = PLANTED


def test_empty_secrets_are_stored_and_read(row: ToolSecret) -> None:
    row.secrets = {}
    row.save()
    assert not ToolSecret.objects.get().secrets


def test_nothing_is_null_where_the_column_allows_it() -> None:
    column = SealedField(null=True)
    stored = [column.get_db_prep_value(v, connection) for v in (None, {}, {"k": "v"})]
    assert [value is None for value in stored] == [True, True, False]


def test_admin_page_shows_dots_without_opening_it(
    row: ToolSecret, new_key: str, settings: Settings
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [new_key]
    column = ToolSecret._meta.get_field("secrets")
    assert display_for_field(row.secrets, column, "-") == "••••"


def test_many_rows_are_written_at_once(row: ToolSecret) -> None:
    row.secrets = {"api_key": "changed"}
    ToolSecret.objects.bulk_update([row], ["secrets"])
    assert ToolSecret.objects.get().secrets.reveal() == {"api_key": "changed"}


def test_deferred_column_is_read_when_asked_for(row: ToolSecret) -> None:
    lean = ToolSecret.objects.defer("secrets").get()
    assert lean.secrets.reveal() == {"api_key": PLANTED}


def test_lookup_by_value_is_refused(row: ToolSecret) -> None:
    with pytest.raises(FieldError):
        ToolSecret.objects.filter(secrets={"api_key": PLANTED}).exists()
    assert ToolSecret.objects.filter(secrets__isnull=False).exists()


def test_row_cannot_be_pickled_with_its_secrets(row: ToolSecret) -> None:
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(row)


def test_deep_copy_shares_the_sealed_handle(row: ToolSecret) -> None:
    assert copy.deepcopy(row).secrets == row.secrets


def test_dump_of_the_database_holds_the_token_and_loads_again(row: ToolSecret) -> None:
    out = StringIO()
    call_command("dumpdata", "tools_app.toolsecret", stdout=out)
    assert PLANTED not in out.getvalue()
    (loaded,) = serializers.deserialize("json", out.getvalue())
    assert loaded.object.secrets.reveal() == {"api_key": PLANTED}


def test_rest_answer_holds_dots(row: ToolSecret) -> None:
    class Answer(ModelSerializer[ToolSecret]):
        class Meta:
            model = ToolSecret
            fields = ["secrets"]

    body = JSONRenderer().render(Answer(row).data).decode()
    assert PLANTED not in body and "gAAAA" not in body


def test_form_of_the_row_has_no_field_for_it(row: ToolSecret) -> None:
    form = modelform_factory(ToolSecret, fields="__all__")(instance=row)
    assert "secrets" not in form.fields
    assert PLANTED not in json.dumps(model_to_dict(row), default=str)


@pytest.mark.parametrize(("sent", "kept"), [(None, PLANTED), ({"api_key": "n"}, "n")])
def test_form_without_anything_new_keeps_the_secret(
    row: ToolSecret, sent: object, kept: str
) -> None:
    ToolSecret._meta.get_field("secrets").save_form_data(row, sent)
    assert row.secrets.reveal() == {"api_key": kept}


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", "tools_app", check=True, dry_run=True, verbosity=0)
