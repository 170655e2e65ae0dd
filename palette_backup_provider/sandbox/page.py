"""The sandbox's web page for people: what Palette holds, without any secret."""

from dataclasses import dataclass

from flask import Blueprint, render_template_string

from palette_backup_provider.sandbox.store import Location, Store
from palette_backup_provider.sandbox.validation import Validation, Verdict

_SUBJECT = {
    "s3": lambda config: config["bucketName"],
    "gcp": lambda config: config["bucketName"],
    "azure": lambda config: config["credentials"]["clientId"],
}
"""What a validate call for each kind is about; Palette has none for MinIO."""


@dataclass(frozen=True)
class Row:
    """A location as the page shows it."""

    name: str
    kind: str
    bucket: str
    region: str
    default: bool
    modified: str
    verdict: Verdict | None
    """What the last validate call about its bucket or client said."""


def page(store: Store, validation: Validation) -> Blueprint:
    """`GET /`."""
    routes = Blueprint("page", __name__)

    @routes.get("/")
    def locations() -> str:
        scopes: dict[str, list[Row]] = {f"Project {name}": [] for name in store.projects}
        for location in store.all():
            project = store.project_name(location)
            scope = f"Project {project}" if project else "Tenant"
            scopes.setdefault(scope, []).append(_row(location, validation))
        return render_template_string(_PAGE, scopes=scopes, total=len(store.all()))

    return routes


def _row(location: Location, validation: Validation) -> Row:
    config = location.body["spec"]["config"]
    subject = _SUBJECT.get(location.kind)
    return Row(
        name=location.name,
        kind=location.kind,
        bucket=config.get("bucketName") or f"{config['storageName']}/{config['containerName']}",
        region=config.get("region", ""),
        default=location.is_default,
        modified=location.modified[:19].replace("T", " "),
        verdict=validation.verdicts.get((location.kind, subject(config))) if subject else None,
    )


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5">
<title>Backup locations · Palette sandbox</title>
<style>
  :root { color-scheme: light dark; --line: #8884; --soft: #8881; --quiet: #7a828e; }
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 68rem; margin: 3rem auto;
         padding: 0 1.5rem; }
  h1 { font-size: 1.6rem; margin: 0; }
  h2 { font-size: 1.05rem; margin: 2.2rem 0 .6rem; }
  p { color: var(--quiet); margin: .3rem 0; }
  .frame { border: 1px solid var(--line); border-radius: .6rem; overflow-x: auto; }
  table { border-collapse: collapse; width: 100%; min-width: 52rem; table-layout: fixed; }
  th:nth-child(2) { width: 4rem; } th:nth-child(4) { width: 7rem; } th:last-child { width: 11rem; }
  th { font-weight: 600; font-size: .8rem; color: var(--quiet); background: var(--soft); }
  th, td { text-align: left; padding: .6rem .9rem; }
  td { border-top: 1px solid var(--line); vertical-align: top; }
  td.name { font-weight: 600; }
  code { font: .88em ui-monospace, monospace; overflow-wrap: anywhere; }
  time { color: var(--quiet); white-space: nowrap; }
  .tag { display: inline-block; font-size: .75rem; font-weight: 600; border-radius: 1rem;
         padding: .05rem .6rem; margin-left: .5rem; background: #3b6fe022; color: #3b6fe0; }
  .good { color: #1a8f4c; } .bad { color: #c8372d; } .none { color: var(--quiet); }
  .empty { padding: .9rem; }
</style>
</head>
<body>
<h1>Backup locations</h1>
<p>Palette sandbox, {{ total }} location{{ "" if total == 1 else "s" }}.
   Nothing here outlives the process; times are UTC.</p>
{% for scope, rows in scopes.items() %}
<h2>{{ scope }}</h2>
<div class="frame">
{% if rows %}
<table>
<tr><th>Name</th><th>Kind</th><th>Bucket</th><th>Region</th><th>Validation</th><th>Changed</th></tr>
{% for row in rows %}
<tr>
  <td class="name">{{ row.name }}
    {%- if row.default %}<span class="tag">default</span>{% endif %}</td>
  <td>{{ row.kind }}</td>
  <td><code>{{ row.bucket }}</code></td>
  <td>{{ row.region }}</td>
  {% if row.verdict is none %}<td class="none">not validated</td>
  {% elif row.verdict.valid %}<td class="good">valid</td>
  {% else %}<td class="bad">{{ row.verdict.message }}</td>{% endif %}
  <td><time>{{ row.modified }}</time></td>
</tr>
{% endfor %}
</table>
{% else %}<p class="empty">No locations yet.</p>{% endif %}
</div>
{% endfor %}
</body>
</html>
"""
