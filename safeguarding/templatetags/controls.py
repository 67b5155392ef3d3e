"""Plain form controls written as strings.

Django renders a template for every option of a list, which is most of what a page with filters costs. What is no plain
list, line or box is left to the widget itself.
"""

from html import escape
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString, mark_safe

PLAIN = (forms.Select, forms.Textarea, forms.TextInput)


def escaped(value: Any) -> str:
    """Return the value escaped for HTML, without Django's detour for lazy text, which costs more than the escaping."""
    return str(value) if isinstance(value, SafeString) else escape(str(value))


def control(field: BoundField, attrs: dict[str, Any]) -> str:
    """Return what `field.as_widget(attrs=…)` writes, the order of attributes aside."""
    widget = field.field.widget
    if type(widget) not in PLAIN:
        return field.as_widget(attrs=attrs)
    attrs = field.build_widget_attrs(attrs, widget)
    attrs.setdefault("id", field.auto_id)
    about = widget.get_context(field.html_name, field.value(), attrs)["widget"]
    name, rest = escaped(about["name"]), _attributes(about["attrs"])
    if type(widget) is forms.Select:
        return mark_safe(f'<select name="{name}"{rest}>{_options(about["optgroups"])}</select>')  # noqa: S308
    value = "" if about["value"] is None else escaped(about["value"])
    if type(widget) is forms.Textarea:
        return mark_safe(f'<textarea name="{name}"{rest}>\n{value}</textarea>')  # noqa: S308
    shown = f' value="{value}"' if value != "" else ""
    return mark_safe(f'<input type="{escaped(about["type"])}" name="{name}"{shown}{rest}>')  # noqa: S308


def _options(groups: list[Any]) -> str:
    return "".join(
        f'<option value="{escaped(option["value"])}"{_attributes(option["attrs"])}>{escaped(option["label"])}</option>'
        for _, group, _ in groups
        for option in group
    )


def _attributes(attrs: dict[str, Any]) -> str:
    return "".join(
        f" {escaped(name)}" if value is True else f' {escaped(name)}="{escaped(value)}"'
        for name, value in attrs.items()
        if value is not None and value is not False
    )
