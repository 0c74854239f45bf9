"""Forms about people."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.models import Membership, User


class PersonField(forms.CharField):
    """A person named by username or e-mail, so that no list of accounts is shown."""

    widget = UnfoldAdminTextInputWidget

    def clean(self, value: Any) -> User:
        login = super().clean(value)
        try:
            return User.find(login)
        except User.DoesNotExist as error:
            raise ValidationError(
                f"Nobody signs in as “{login}”. Check the spelling, or ask whoever "
                "runs this server to make the account."
            ) from error
        except User.MultipleObjectsReturned as error:
            raise ValidationError(
                f"Several people share “{login}”. Write the username."
            ) from error


class MembershipForm(forms.ModelForm):  # type: ignore[type-arg]
    """Adds a person by name; a member's role can be changed, the person cannot."""

    user = PersonField(label="Username or e-mail")

    class Meta:
        model = Membership
        fields = ["user", "role"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["user"] = self.instance.user.username
            self.fields["user"].disabled = True
