"""The house rules that no reader should have to check by hand (style.md)."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.template import Template, engines
from django.template.base import FilterExpression, Node, Variable
from django.template.defaulttags import ForNode

ROOT = Path(settings.BASE_DIR)
LAYERS = ("agano_dx.lib", "staff", "training", "leaders", "reports")
APPS = LAYERS[1:]
# They know every app, and no app knows them.
WIRING = ("agano_dx.settings", "agano_dx.urls", "agano_dx.wsgi", "agano_dx.apps")
# Where an import by name is the purpose: these fill the slots of lower apps.
SLOT_FILLERS = ("training/apps.py", "leaders/apps.py", "reports/apps.py")
LONGEST_MODULE = 350


# --- Reading modules ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Module:
    """A module of ours: its path in the project and what it says."""

    path: str
    source: str

    @property
    def name(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def layer(self) -> int | None:
        """Its place in the row; `None` for the wiring, which stands outside."""
        return layer_of(self.name)

    @property
    def package(self) -> str:
        """What a relative import starts from."""
        return self.name if self.path.endswith("/__init__.py") else self.name.rpartition(".")[0]

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)


def layer_of(name: str) -> int | None:
    for place, layer in enumerate(LAYERS):
        if name == layer or name.startswith(f"{layer}."):
            return place
    return None


@cache
def modules() -> list[Module]:
    return [
        Module(str(path.relative_to(ROOT)), path.read_text())
        for folder in ("agano_dx", *APPS)
        for path in sorted((ROOT / folder).rglob("*.py"))
    ]


def written_by_hand() -> list[Module]:
    return [module for module in modules() if "/migrations/" not in module.path]


# "leaders.LeaderTerm" and "training.slots" reach up as well as an import does.
DOTTED = re.compile(r"[a-z_]+(\.\w+)+")
BY_NAME = ("import_module", "__import__", "import_string", "get_model")


def called(node: ast.Call) -> str:
    return getattr(node.func, "id", "") or getattr(node.func, "attr", "")


def imports_of(module: Module) -> Iterator[tuple[int, str]]:
    """What a module imports, as line and full name: `from x import y` gives x and x.y."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = node.module or ""
            if node.level:
                parts = module.package.split(".")
                source = ".".join([*parts[: len(parts) - node.level + 1], source]).strip(".")
            yield node.lineno, source
            yield from ((node.lineno, f"{source}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Constant) and DOTTED.fullmatch(str(node.value)):
            yield node.lineno, str(node.value)


# --- The faults looked for ----------------------------------------------------------------------


def upward_imports(module: Module) -> list[str]:
    """Imports of a higher layer, of the wiring, or of the tests."""
    if module.layer is None:
        return []
    return [
        f"{module.path}:{line} {name}"
        for line, name in imports_of(module)
        if name in WIRING or name.split(".")[0] == "tests" or (layer_of(name) or 0) > module.layer
    ]


def hidden_imports(module: Module) -> list[str]:
    """Imports inside functions, and by name anywhere but in the `ready` of a slot filler."""
    functions = [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    inside = [node for function in functions for node in ast.walk(function)]
    found = [node for node in inside if isinstance(node, ast.Import | ast.ImportFrom)]
    allowed = [
        node
        for function in functions
        if function.name == "ready" and module.path in SLOT_FILLERS
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
    ]
    found += [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and called(node) in BY_NAME and node not in allowed
    ]
    return [f"{module.path}:{node.lineno}" for node in found]


def reverse_names(below: int) -> set[str]:
    """The names by which rows of this layer or lower ones would reach rows of a higher one."""
    return {
        relation.get_accessor_name()
        for model in apps.get_models()
        if (own := layer_of(model._meta.app_label)) is not None and own <= below
        for relation in model._meta.related_objects
        if (layer_of(relation.related_model._meta.app_label) or 0) > below
    }


def reaches_up(module: Module, names: set[str]) -> list[str]:
    """`x.attendances`, `filter(attendances__…=…)` and `"attendances__…"` with one of the names."""
    found = []
    for node in ast.walk(module.tree):
        used = ""
        if isinstance(node, ast.Attribute):
            used = node.attr
        elif isinstance(node, ast.keyword):
            used = node.arg or ""
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            used = node.value.lstrip("-")
        if used.split("__")[0] in names:
            found.append(f"{module.path}: {used}")
    return found


# Naive clocks are never right here; these tell the day by the server's own idea of it.
NAIVE = ("date.today", "datetime.now", "datetime.today", "datetime.utcnow", "time.time")
CLOCKS = ("timezone.now", "timezone.localdate", "timezone.localtime")
MAY_ASK_THE_CLOCK = re.compile(
    r"/views/|/management/|/(middleware|adapter|admin)\.py$|^staff/(pages|navigation)\.py$"
)


def clocks(module: Module) -> list[str]:
    """Every place that asks what time it is and may not."""
    watched = NAIVE if MAY_ASK_THE_CLOCK.search(module.path) else (*NAIVE, *CLOCKS)
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute):
            owner = getattr(node.value, "attr", "") or getattr(node.value, "id", "")
            # localtime(moment) only moves a given moment to Japan; localtime() asks the clock.
            if f"{owner}.{node.attr}" in watched and not _moves_a_moment(module, node):
                found.append(f"{module.path}:{node.lineno} {owner}.{node.attr}")
        elif isinstance(node, ast.ImportFrom) and node.module == "django.utils.timezone":
            # By their own name the functions above would pass unseen.
            found.append(f"{module.path}:{node.lineno} from django.utils.timezone")
    return found


def _moves_a_moment(module: Module, node: ast.Attribute) -> bool:
    return node.attr == "localtime" and any(
        isinstance(call, ast.Call) and call.func is node and call.args
        for call in ast.walk(module.tree)
    )


# --- Reading templates --------------------------------------------------------------------------


def templates() -> dict[str, str]:
    folder = ROOT / "templates"
    return {
        str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*.html"))
    }


FORBIDDEN = {
    "the safe filter": re.compile(r"\|\s*(safe|safeseq)\b"),
    "autoescape off": re.compile(r"{%-?\s*autoescape\s+off"),
    "an inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc\s*=)", re.IGNORECASE),
    "an on… attribute": re.compile(r"""[\s"']on[a-z]+\s*=""", re.IGNORECASE),
    "an hx-on attribute": re.compile(r"hx-on", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "an address outside": re.compile(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""", re.I),
}


def unsafe(source: str) -> list[str]:
    markup = re.sub(r"{#.*?#}", "", source, flags=re.DOTALL)
    return [what for what, pattern in FORBIDDEN.items() if pattern.search(markup)]


OPENING = re.compile(r"(?:\s*{%\s*(?:extends|load)\b[^%]*%})*\s*{#(?P<comment>.+?)#}", re.DOTALL)


def opening_comment(source: str) -> str:
    found = OPENING.match(source)
    return found["comment"] if found else ""


# What Django and the context processors give every page.
GIVEN = {"user", "request", "messages", "csrf_token", "forloop", "block", "form_renderer"}
# What allauth and Django hand to their own pages and widgets beside the form.
FRAME = {"title", "breadcrumb", "redirect_field_name", "redirect_field_value"}


def variables(template: Template) -> set[str]:
    """The names a template takes from its context: those used, less those it binds itself."""
    used: set[str] = set()
    bound: set[str] = set()
    waiting: list[object] = [template.nodelist]
    seen: set[int] = set()
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, str | int | None):
            continue
        seen.add(id(thing))
        if isinstance(thing, FilterExpression):
            waiting += [thing.var, *(arg for _, args in thing.filters for _, arg in args)]
        elif isinstance(thing, Variable):
            used |= {thing.lookups[0]} if thing.lookups else set()
        elif isinstance(thing, dict):
            waiting += thing.values()
        elif isinstance(thing, list | tuple):
            waiting += thing
        elif isinstance(thing, Node) or hasattr(thing, "__dict__"):
            attributes = vars(thing) if not isinstance(thing, type) else {}
            if isinstance(thing, ForNode):
                bound |= set(thing.loopvars)
            if isinstance(thing, Node):
                bound |= {
                    attributes[name] for name in ("asvar", "target_var") if attributes.get(name)
                }
                if type(thing).__name__ == "WithNode":
                    bound |= set(thing.extra_context)
            waiting += [
                value
                for name, value in attributes.items()
                if name not in ("origin", "token", "parser")
            ]
    return used - bound


# --- The rules ----------------------------------------------------------------------------------


def test_no_app_imports_upward_and_nobody_imports_the_wiring():
    assert [fault for module in modules() for fault in upward_imports(module)] == []


def test_no_import_hides_in_a_function():
    assert [fault for module in written_by_hand() for fault in hidden_imports(module)] == []


@pytest.mark.parametrize("layer", range(1, len(LAYERS) - 1))
def test_no_app_uses_the_reverse_names_of_higher_ones(layer):
    names = reverse_names(layer)

    faults = [
        fault
        for module in written_by_hand()
        if module.layer is not None and module.layer <= layer
        for fault in reaches_up(module, names)
    ]

    assert faults == []


def test_the_reverse_names_are_really_found():
    names = reverse_names(LAYERS.index("staff"))

    assert names >= {"attendances", "leader_terms", "nominations", "designations"}


def test_only_views_and_commands_ask_the_clock():
    assert [fault for module in written_by_hand() for fault in clocks(module)] == []


def test_no_module_is_longer_than_a_reader_bears():
    lengths = {module.path: len(module.source.splitlines()) for module in written_by_hand()}

    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_every_app_is_in_the_row():
    ours = {config.name for config in apps.get_app_configs() if Path(config.path).parent == ROOT}

    assert ours == set(APPS)


def test_every_test_folder_mirrors_the_project():
    folders = {
        path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and path.name[0] != "_"
    }

    mirrors = folders - {"browser", "benchmarks"}

    assert mirrors == {"lib", *APPS}
    assert [name for name in mirrors if not list((ROOT / "tests" / name).glob("test_*.py"))] == []


def test_no_template_is_inside_an_app():
    assert [str(path) for app in APPS for path in (ROOT / app).rglob("*.html")] == []


def test_no_template_lets_markup_or_script_in():
    faults = {name: found for name, source in templates().items() if (found := unsafe(source))}

    assert faults == {}


def test_every_template_opens_with_a_comment():
    assert [name for name, source in templates().items() if not opening_comment(source)] == []


@pytest.mark.parametrize("name", sorted(templates()))
def test_the_opening_comment_names_the_variables(name):
    comment = set(re.findall(r"\w+", opening_comment(templates()[name])))

    used = variables(engines["django"].get_template(name).template)

    assert used - GIVEN - FRAME - comment == set()


# --- The rules can be broken --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("staff/models/people.py", "import training.models"),
        ("staff/access.py", "from training.models import Course"),
        ("staff/slots.py", "import leaders"),
        ("training/places.py", "from reports import progress"),
        ("leaders/forms.py", "from reports.progress import progress"),
        ("agano_dx/lib/audit.py", "from staff.models import User"),
        ("agano_dx/lib/charts/heat.py", "from ....staff import models"),
        ("staff/pages.py", "from agano_dx import settings"),
        ("staff/pages.py", "from agano_dx.urls import urlpatterns"),
        ("reports/demo.py", "from tests.factories import StaffMemberFactory"),
        ("staff/models/people.py", 'field = ForeignKey("training.Course")'),
    ],
)
def test_an_upward_import_is_seen(path, source):
    assert upward_imports(Module(path, source))


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("training/models/courses.py", "from staff.models import StaffMember"),
        ("reports/demo.py", "from leaders.models import Cohort"),
        ("staff/access.py", "from staff.models import User"),
        ("staff/roster/row.py", "from . import fields"),
        ("staff/navigation.py", "from agano_dx import VERSION"),
        ("agano_dx/urls.py", "from reports import urls"),
    ],
)
def test_a_downward_import_is_not_blamed(path, source):
    assert upward_imports(Module(path, source)) == []


READY = """
class Config:
    def ready(self):
        import_module({})
"""


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("staff/access.py", "def f():\n    import os"),
        ("staff/access.py", "async def f():\n    if True:\n        from os import path"),
        ("staff/access.py", "import importlib\nimportlib.import_module('leaders')"),
        ("staff/access.py", "__import__('leaders')"),
        ("staff/access.py", "apps.get_model('leaders', 'Cohort')"),
        ("staff/apps.py", READY.format("'staff.slots'")),
        ("leaders/apps.py", READY.format("name")),
        ("leaders/slots.py", READY.format("'staff.slots'")),
    ],
)
def test_a_hidden_import_is_seen(path, source):
    assert hidden_imports(Module(path, source))


def test_a_slot_filler_may_name_lower_apps_only():
    downward = Module("leaders/apps.py", READY.format("'staff.slots'"))
    upward = Module("training/apps.py", READY.format("'leaders.slots'"))

    assert hidden_imports(downward) == []
    assert upward_imports(downward) == []
    assert upward_imports(upward)


@pytest.mark.parametrize(
    "source",
    [
        "member.attendances.all()",
        "StaffMember.objects.filter(attendances__status=1)",
        "StaffMember.objects.annotate(n=Count('attendances'))",
        "StaffMember.objects.order_by('-leader_terms__starts_on')",
        "department.nominations.count()",
        "StaffMember.objects.exclude(designations=None)",
    ],
)
def test_a_reverse_name_is_seen(source):
    names = reverse_names(LAYERS.index("staff"))

    assert reaches_up(Module("staff/views/people.py", source), names)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("staff/access.py", "on = timezone.localdate()"),
        ("reports/progress.py", "at = django.utils.timezone.now()"),
        ("leaders/services.py", "today = timezone.localtime().date()"),
        ("training/models/courses.py", "field = DateField(default=timezone.now)"),
        ("training/services/marking.py", "from django.utils.timezone import localdate"),
        ("staff/views/people.py", "on = date.today()"),
        ("staff/middleware.py", "at = datetime.datetime.now(tz)"),
    ],
)
def test_a_question_to_the_clock_is_seen(path, source):
    assert clocks(Module(path, source))


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("staff/views/people.py", "today = timezone.localdate()"),
        ("reports/management/commands/demo.py", "at = timezone.now()"),
        ("staff/pages.py", "today = timezone.localdate()"),
        ("agano_dx/lib/filters.py", "day = timezone.localtime(moment).date()"),
    ],
)
def test_asking_the_clock_where_one_may_is_not_blamed(path, source):
    assert clocks(Module(path, source)) == []


@pytest.mark.parametrize(
    "source",
    [
        "{{ name|safe }}",
        "{{ name | safe }}",
        "{% autoescape off %}{{ name }}{% endautoescape %}",
        '<p style="color:red">',
        "<style>p{}</style>",
        "<script>alert(1)</script>",
        '<button onclick="go()">',
        '<button\nonclick = "go()">',
        '<a data-hx-on:click="go()">',
        '<a href="javascript:go()">',
        '<script src="https://cdn.example/x.js"></script>',
    ],
)
def test_unsafe_markup_is_seen(source):
    assert unsafe(source)


@pytest.mark.parametrize(
    "source",
    [
        "<p>no comment</p>",
        '{% extends "base.html" %}{% block title %}{# late #}{% endblock %}',
        "<!DOCTYPE html>{# late #}",
    ],
)
def test_a_missing_opening_comment_is_seen(source):
    assert opening_comment(source) == ""


def test_a_variable_is_found_wherever_a_template_takes_it():
    source = """{% load static %}{{ shown.name|default:fallback }}
    {% if asked and not other %}{% endif %}
    {% for one in many %}{{ one }}{% empty %}{{ none_left }}{% endfor %}
    {% with short=long %}{{ short }}{% endwith %}{% url 'staff:member_detail' number %}
    {% include "components/chip.html" with label=word only %}
    {% block x %}{{ deep }}{% endblock %}"""

    used = variables(engines["django"].from_string(source).template)

    assert used == {
        *("shown", "fallback", "asked", "other", "many", "none_left"),
        *("long", "number", "word", "deep"),
    }
