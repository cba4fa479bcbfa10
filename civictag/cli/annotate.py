"""``civictag annotate``: the labelling desk, for one person or several."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from civictag.cli import serve
from civictag.cli.common.options import DEFAULT_MODEL, InputPath
from civictag.errors import MissingExtra
from civictag.i18n import _
from civictag.util.unfinished import claimed

if TYPE_CHECKING:
    from civictag.web.desk.project import Project
    from civictag.web.settings import Settings


@click.command(
    short_help="Label paragraphs in the browser, alone or with others.",
    epilog="Example: civictag annotate corpus/samples --store labels.db",
)
@click.argument("paths", nargs=-1, type=InputPath(exists=True))
@click.option(
    "--store", required=True, type=click.Path(dir_okay=False), help="File of the labelling project."
)
@click.option("-l", "--labels", default="", help="Label set (name or .toml).  [default: that of the model]")
@click.option(
    "-m",
    "--model",
    default=DEFAULT_MODEL,
    show_default=True,
    help="The model that suggests first; - for none.",
)
@click.option(
    "--order", type=click.Choice(["active", "as-is"]), default="active", show_default=True,
    help="active: what teaches the model most comes first; as-is: paragraphs come as they stand.",
)  # fmt: skip
@click.option(
    "--apart", type=click.FloatRange(0, 0.9), default=0.2, show_default=True,
    help="Share of articles kept apart for evaluation.",
)  # fmt: skip
@click.option(
    "--double", type=click.FloatRange(0, 1), default=0.0, show_default=True,
    help="Share of paragraphs that two people label, each alone.",
)  # fmt: skip
@click.option("--blind", is_flag=True, help="Show nobody the model's suggestions.")
@click.option(
    "--with", "base", multiple=True, type=InputPath(exists=True),
    help="Further corpus that trainings learn from.",
)  # fmt: skip
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Seed of the draws for --apart and --double."
)
@serve.options
@click.option("--no-browser", is_flag=True, help="Only say where the desk is.")
def command(paths: tuple[str, ...], store: str, no_browser: bool, log: bool, **params: Any) -> None:
    """Label the paragraphs of PATHS: a corpus (.jsonl with labels), or articles of any format.

    Decisions are on the disk before the page shows them. The same command goes on where it stopped;
    PATHS are then optional, and new ones are added. Options of the project hold from its first start.
    """
    try:
        from civictag.web.desk.project import open_project
    except ImportError as error:
        raise MissingExtra("civictag annotate", "web") from error
    settings, certificate = serve.settings_of(params)
    if log:
        serve.log_requests()
    # Two desks on one file would each train and rank by themselves: everybody labels at one address.
    with claimed([store]):
        _open(open_project(store, paths, _wish_of(params)), settings, certificate, no_browser, params)


def _open(
    project: Project, settings: Settings, certificate: Any, no_browser: bool, params: dict[str, Any]
) -> None:
    """Say where the desk is, and serve it until it is ended."""
    for note in project.notes:
        click.echo(f"civictag: {note}", err=True)
    address = serve.url_of(settings, bool(certificate)) + "label"
    message = _("civictag: the labelling desk is at {address} (Ctrl-C ends)", address=address)

    def ready() -> None:
        """Say it, and open the browser here."""
        click.echo(message, err=True)
        if not no_browser and settings.is_local:
            import webbrowser

            webbrowser.open(address)

    model = "civic" if params["model"] == "-" else params["model"]
    serve.run(
        model, replace(settings, work=params["work"]), certificate=certificate, ready=ready, desk=project
    )


def _wish_of(params: dict[str, Any]) -> Any:
    """The options of a new project."""
    from civictag.web.desk.loading import Plan
    from civictag.web.desk.project import Wish

    return Wish(
        labels=params["labels"],
        model="" if params["model"] == "-" else params["model"],
        order=params["order"],
        blind=params["blind"],
        base=tuple(params["base"]),
        plan=Plan(params["apart"], params["double"], params["seed"]),
    )
